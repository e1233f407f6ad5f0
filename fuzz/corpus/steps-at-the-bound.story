lab raft
step 10000000
step 10000001
