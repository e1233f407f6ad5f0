# Outside the promise: n3 comes back without its disk. It promises and accepts as if it had never done so,
# and a value that was chosen by its vote is chosen again as another.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
run 1ms
fire n1 election
run until note leads
run 30ms
cut n1 n2
request c1 put x=1 to n1
run until answered
mark "n1 and n3 have chosen x=1"
wipe n3
restart n3
cut n1 n3
fire n2 election
step
run until note leads
run 30ms
request c2 put x=2 to n2
run until answered
expect "one value is chosen in a slot" violated
expect "state machine safety" violated
expect "promises are kept" violated
expect trace 547e28468700d7a5
