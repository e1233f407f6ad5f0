# Rule off: n1 and n2 both take the ballot "round 1". n3 takes the one for the other, asking again, and
# accepts from both.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule unique-ballots off
run 1ms
cut n1 n2
fire n1 election
fire n2 election
run 50ms
request c1 put x=1 to n1
request c2 put x=2 to n2
run 100ms
expect "one value is chosen in a slot" violated
expect "what is chosen is on a majority of disks" violated
expect "state machine safety" violated
expect trace 67fc1af4248c3363
