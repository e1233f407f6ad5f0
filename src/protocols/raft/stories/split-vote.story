# Four servers, two candidates at one moment: each gets two votes, which is not more than half.
# Nobody leads term 1. Then the drawn timeouts differ, and one candidate is alone.
lab raft seed=3 nodes=4 rate=0 clients=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms
run 1ms
fire n1 election
fire n4 election
run 1.5ms
# n2 hears n1 first, n3 hears n4 first.
delay VoteRequest n4>n2 #1 by 1ms
delay VoteRequest n1>n3 #1 by 1ms
run 40ms
expect n2 voted-for n1
expect n3 voted-for n4
expect not leader
mark "the vote is split"
run until leader
expect n2 term 2
expect "one leader per term" holds
expect "a leader is elected" seen
expect trace 97eb16e953330a67
