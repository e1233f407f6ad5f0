lab raft seed=2 nodes=4 clients=0 latency_max=98ms
rule count-a-voter-once off
duplication 60%
run until violated one-leader-per-term
expect one-leader-per-term violated
