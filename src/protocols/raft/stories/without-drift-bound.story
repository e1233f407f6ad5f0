# The leader counts its lease by a clock that goes at half its rate, more than is allowed for. Its lease outlasts the patience of the others.
lab raft seed=7 nodes=3 clients=2 rate=0 lease=on latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=150ms timeout_max=170ms heartbeat=20ms client_timeout=30ms
rule drift-within-bound off
run until leader
run until settled
request c1 put x=1
run until answered
run 50ms
partition n2 | n1 n3
run until note election-won within 1s
run 20ms
request c1 put x=2 to n1
run until answered within 2s
mark "x is 2, and n2 still has a lease by its clock"
request c2 get x to n2
run 20ms
expect "a lease read sees the latest write" violated
expect trace 64f5f633acfb4a6c
