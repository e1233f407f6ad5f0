# Two of four servers are at least half, and so are the other two.
lab raft seed=1 nodes=4 clients=0 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
rule more-than-half off
partition n1 n2 | n3 n4
run 1ms
fire n1 election
fire n3 election
run 40ms
expect "one leader per term" violated
expect trace 79a290ce133da383
