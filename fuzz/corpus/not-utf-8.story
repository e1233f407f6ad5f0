lab raft
mark "ÿşÃ"
run 1ms
