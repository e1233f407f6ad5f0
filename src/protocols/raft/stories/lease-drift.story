# The clock of the leader goes at half its rate, more than is allowed for. Its lease outlasts the patience of the others.
lab raft seed=7 nodes=3 clients=2 rate=0 lease=on latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=150ms timeout_max=400ms heartbeat=20ms client_timeout=30ms
run until leader
run until settled
request c1 put x=1
run until answered
run 50ms
drift n2 -500000ppm
run 100ms
partition n2 | n1 n3
run 152ms
fire n1 election
run until note election-won within 50ms
request c1 put x=2 to n1
run 26ms
mark "x is 2, and n2 still has a lease by its clock"
request c2 get x to n2
run 12ms
expect "a lease read sees the latest write" violated
expect trace 954f61da861083df
