# The same as it should be: n2 has committed nothing of its own term, and does not change the members before it has.
lab raft seed=1 nodes=4 spare=1 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
run 1ms
fire n1 election
run until note election-won
request c1 put x=1
run until settled within 1s
run 100ms
request n1 add n5
partition n1 n5 | n2 n3 n4
run until note members-in-effect within 1s
run 50ms
fire n2 election
run until note election-won
partition n1 n4 n5 | n2 n3
request n2 remove n1
run 50ms
mark "too soon: n2 stays a leader of four"
expect n2 members n1 n2 n3 n4
kill n1
restart n1
run 1ms
fire n1 election
run 50ms
expect n1 role leader
expect "leader completeness" holds
expect "committed entries stay" holds
heal
request c1 put x=2 to n1
run until answered within 2s
run until settled within 2s
expect "a change of members commits" seen
expect trace 1031c7af601dc0b4
