lab raft seed=1
