# Rule off: the answer to c1 is lost, and c1 asks again. Meanwhile c2 has written over it; the second
# time undoes that.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule apply-once off
run 1ms
fire n1 election
run until note leads
run 30ms
request c1 put x=1 to n1
run until note chosen
drop ClientReply n1>c1 #1
request c2 put x=2 to n1
run 1s
expect answered
expect "each request is applied once" violated
expect "one value is chosen in a slot" holds
expect trace 3fd3bd81eba815c3
