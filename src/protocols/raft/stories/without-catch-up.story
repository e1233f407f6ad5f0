# n4 is a member at once. It has nothing, and counts: with n3 down, nothing is committed before it has all.
lab raft seed=1 nodes=3 spare=1 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
rule catch-up-first off
run 1ms
fire n1 election
run until note election-won
run until settled within 1s
request c1 put x=1
run until answered
kill n3
request n1 add n4
mark "four members, three of them needed"
run until settled within 1s
expect "a new member has caught up" violated
expect trace 3b1c5cc0ce77bd24
