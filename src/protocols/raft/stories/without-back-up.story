# n3 missed an entry. It refuses what the new leader sends, and the leader sends the same again.
lab raft seed=1 nodes=3 rate=0 noop=on latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
rule back-up off
run 1ms
fire n1 election
run until note election-won
run 60ms
cut n1 n3
request c1 put x=1 to n1
run until answered
kill n1
fire n2 election
run until note election-won
run 30ms
restart n1
calm
run 8s
expect "after calm all live logs are alike" violated
expect trace 4315ce57f5eb1125
