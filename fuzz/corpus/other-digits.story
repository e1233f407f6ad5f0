lab raft nodes=٥
run ١s
