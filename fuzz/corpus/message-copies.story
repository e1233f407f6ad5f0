lab raft
run 240ms
drop VoteRequest n1>n2 #1.256
