# n3 never saw the entry that n1 and n2 committed, and leads all the same.
lab raft seed=1 nodes=3 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
rule compare-logs off
run 1ms
fire n1 election
run until note election-won
run 30ms
cut n1 n3
request c1 put x=1 to n1
run until answered
expect n1 commit 1
kill n1
fire n3 election
run 100ms
expect "leader completeness" violated
expect trace 067c786d38cf3229
