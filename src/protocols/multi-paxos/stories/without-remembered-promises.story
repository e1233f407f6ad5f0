# Rule off: n3 promises n2 to accept nothing below 2.2, crashes, and forgets it. It accepts what n1
# proposes under 1.1, and then what n2 does: two values of one slot, each with a majority.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule remember-promises off
run 1ms
fire n1 election
run until note leads
run 30ms
cut n1 n2
cut n3 > n1
fire n2 election
step
run until note leads
cut n2 n3
mark "n2 has the promise of n3"
kill n3
restart n3
heal n1 n3
request c1 put x=1 to n1
run until answered
mark "n1 and n3 have chosen x=1 in slot 1"
heal n2 n3
request c2 put x=2 to n2
run 200ms
expect "one value is chosen in a slot" violated
expect "state machine safety" violated
expect "promises are kept" violated
expect trace 0c2c61b45b436763
