# n2 answers n1 before its vote is on disk, crashes, comes back, and knows nothing of it: so n3
# gets a vote of n2 in the same term.
lab raft seed=1 nodes=3 clients=0 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=5ms disk_max=5ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
rule persist-vote off
cut n1 n3
run 1ms
fire n1 election
fire n3 election
run 2ms
delay VoteRequest n3>n2 #1 by 10ms
run 4ms
mark "n2 has answered, and its vote is not on disk"
kill n2
restart n2
run 40ms
expect "one leader per term" violated
expect trace abefa3d9cb6ce14d
