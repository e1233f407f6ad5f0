lab raft seed=7
run until note election-started
step
hold VoteRequest n5>n1 #1
pause n1
release VoteRequest n5>n1 #1
hold VoteRequest n5>n1 #1
run 1s
resume n1
delay VoteRequest n5>n1 #1 by 1us
run 1s
release VoteRequest n5>n1 #1
