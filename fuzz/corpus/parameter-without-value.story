lab raft nodes
