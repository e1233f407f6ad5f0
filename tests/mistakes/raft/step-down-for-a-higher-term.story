lab raft seed=1 nodes=2 clients=0 timeout_min=50ms
rule step-down-for-a-higher-term off
run until violated one-leader-per-term
expect one-leader-per-term violated
