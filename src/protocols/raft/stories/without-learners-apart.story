# n1 is cut off with n4, which only catches up. With n4 counted, two of three have x=2; n2 and n3 elect n2 without it.
lab raft seed=1 nodes=3 spare=1 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
rule learners-do-not-count off
run 1ms
fire n1 election
run until note election-won
run until settled within 1s
partition n1 n4 | n2 n3
request c1 put x=2 to n1
run 20ms
request n1 add n4
run until note learner-ready within 1s
mark "x=2 is committed, on the disks of one member"
fire n2 election
run 50ms
expect n2 role leader
expect "leader completeness" violated
expect "state-machine safety" violated
expect "a commit has its majorities" violated
expect trace 73f21d4ce5768c2e
