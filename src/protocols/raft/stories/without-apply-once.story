# The answer to c1 is lost. By the time it asks again, c2 has overwritten its value.
lab raft seed=1 nodes=3 clients=2 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule apply-once off
run 1ms
fire n1 election
run until note election-won
run 30ms
request c1 put x=1 to n1
run until note committed
drop ClientReply n1>c1 #1
request c2 put x=2 to n1
run 2s
expect answered
expect "each request is applied once" violated
expect trace af3686754547a367
