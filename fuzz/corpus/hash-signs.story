lab raft
drop # #1
drop VoteRequest n1>n2 #0
drop VoteRequest n1>n2 #4294967296
