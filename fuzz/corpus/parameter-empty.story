lab raft nodes= =
