# n4 is a member at once. It has nothing, its disk is slow, and it counts: with n3 down, nothing is committed before it has all.
lab raft seed=1 nodes=3 spare=1 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
rule catch-up-first off
run 1ms
fire n1 election
run until note election-won
run until settled within 1s
request c1 put x=1
run until answered
kill n3
slow-disk n4 400ms
request n1 add n4
mark "four members, three of them needed"
request c1 put x=2
run 300ms
expect n1 commit 2
mark "c1 still waits: n4 has nothing on its disk"
run until answered within 2s
expect n1 commit 5
run until settled within 2s
expect "a new member has caught up" violated
expect trace 4f51beba10ebc52c
