# Rule off: n1 applies slot 2 while slot 1 is open. The others get to know of both at once, and apply
# them in their order.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule apply-in-order off
run 1ms
fire n1 election
run until note leads
run 30ms
request c1 put x=1 to n1
run until note proposed
drop Accept n1>n2 #1
drop Accept n1>n3 #1
request c2 put x=2 to n1
run until note chosen
mark "n1 has applied slot 2 alone"
run 200ms
expect "one value is chosen in a slot" holds
expect "state machine safety" violated
expect trace 1ec056b7c783996d
