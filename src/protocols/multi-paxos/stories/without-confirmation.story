# Rule off: n1 is behind a wall and does not know that n2 leads now. Asked for x, it answers with the past.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule confirm-leadership off
run 1ms
fire n1 election
run until note leads
run 30ms
request c1 put x=1 to n1
run until answered
run 60ms
partition n1 | n2 n3
fire n2 election
step
run until note leads
run 30ms
request c1 put x=2 to n2
run until answered
mark "x is 2, and n1 does not know it"
request c2 get x to n1
run 100ms
expect clients-linearizable violated
expect "one value is chosen in a slot" holds
expect trace 9219e3b548fe98d5
