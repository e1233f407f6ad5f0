lab raft
mark "a b cd"
run 1ms
run 1ms
