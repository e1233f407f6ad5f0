# Rule off: two of four count as a majority. Each side of the wall has a leader, and each chooses.
lab multi-paxos seed=1 nodes=4 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule more-than-half off
run 1ms
partition n1 n2 | n3 n4
fire n1 election
fire n3 election
run 50ms
request c1 put x=1 to n1
request c2 put x=2 to n3
run 100ms
expect "one value is chosen in a slot" violated
expect "what is chosen is on a majority of disks" violated
expect "state machine safety" violated
expect trace f51e99827f9af5be
