lab raft seed=2 clients=0
rule count-a-voter-once off
duplication 100%
run until violated one-leader-per-term
expect one-leader-per-term violated
