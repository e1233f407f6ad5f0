# n3 missed the first entry. The new leader sends the second one, and n3 takes it as its first;
# the third becomes its second.
lab raft seed=1 nodes=3 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
rule check-previous off
run 1ms
fire n1 election
run until note election-won
run 30ms
cut n1 n3
request c1 put x=1 to n1
run until answered
kill n1
fire n2 election
run until note election-won
request c1 put x=2 to n2
run until answered
request c1 put x=3 to n2
run 100ms
expect "log matching" violated
expect "state-machine safety" violated
expect trace f6190c08f5098f78
