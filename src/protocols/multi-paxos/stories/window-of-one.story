# Eight clients ask at the same moment, and only one slot may be open: seven requests wait for the disks and
# the messages of those before them. With the usual window all eight slots are open at once.
lab multi-paxos seed=1 nodes=3 clients=8 rate=0 window=1 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
run 1ms
fire n1 election
run until note leads
run 30ms
request c1 put a=1 to n1
request c2 put b=1 to n1
request c3 put c=1 to n1
request c4 put d=1 to n1
request c5 put e=1 to n1
request c6 put f=1 to n1
request c7 put g=1 to n1
request c8 put h=1 to n1
run 60ms
expect not answered
run until answered within 60ms
expect n1 chosen 8
expect "one value is chosen in a slot" holds
expect trace e64a568da121b4de
