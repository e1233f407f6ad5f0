# c1 dies before the number of its request is on its disk, and comes back without it. Its next request has that number, too: it must not be taken for the first.
lab raft seed=1 nodes=3 clients=2 rate=0 noop=on latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
run 1ms
fire n1 election
run until note election-won
run 30ms
slow-disk c1 50ms
request c1 put x=1 to n1
run 30ms
mark "had it left by now, n1 would know request 1"
kill c1
run 30ms
restart c1
request c1 put x=2 to n1
run until answered
request c2 get x to n1
run until answered
run 100ms
expect clients-linearizable holds
expect "a read sees the latest write" holds
expect "each request is applied once" holds
expect trace 40d987f5fecd6d61
