lab raft seed=5 nodes=2 clients=0 heartbeat=5s
rule step-down-for-a-higher-term off
run until violated one-leader-per-term
expect one-leader-per-term violated
