lab raft nodes=3 nodes=5
run 500ms
