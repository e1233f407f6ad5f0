# The answer to c1 is lost. c2 reads its value, overwrites it, and then finds it again.
lab raft seed=1 nodes=3 clients=2 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule apply-once off
run 1ms
fire n1 election
run until note election-won
run 30ms
request c1 put x=1 to n1
run until note committed
drop ClientReply n1>c1 #1
request c2 get x to n1
run 40ms
mark "c2 has read 1"
request c2 put x=2 to n1
run 60ms
mark "x is 2, and c1 does not know that its 1 was ever written"
run 2s
expect answered
request c2 get x to n1
run 1s
expect clients-linearizable violated
expect "a read sees the latest write" violated
expect "each request is applied once" violated
expect trace 596c0097061ca761
