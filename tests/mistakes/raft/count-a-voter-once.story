lab raft seed=8 clients=0
rule count-a-voter-once off
duplication 30%
run until violated one-leader-per-term
expect one-leader-per-term violated
