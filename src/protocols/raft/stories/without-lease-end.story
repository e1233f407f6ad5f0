# The leader is cut off, and trusts the last answers for ever.
lab raft seed=7 nodes=3 clients=2 rate=0 lease=on latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=150ms timeout_max=170ms heartbeat=20ms client_timeout=30ms
rule lease-ends-first off
run until leader
run until settled
request c1 put x=1
run until answered
run 50ms
partition n2 | n1 n3
run until note election-won within 1s
run 30ms
request c1 put x=2 to n1
run until answered within 2s
mark "x is 2, and n2 does not know"
request c2 get x to n2
run 100ms
expect "a lease read sees the latest write" violated
expect trace 6d437115df5379a1
