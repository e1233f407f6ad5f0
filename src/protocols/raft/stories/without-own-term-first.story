# n1 lets n5 in, and only n5 hears of it. n2 lets n1 go, and commits that with n3. Three of five are n1, n4, n5, and none of them knows.
lab raft seed=1 nodes=4 spare=1 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
rule own-term-first off
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
mark "n1 and n5 are by five members, two of them"
fire n2 election
run until note election-won
partition n1 n4 n5 | n2 n3
request n2 remove n1
run 50ms
mark "n2 and n3 are two of three: committed"
kill n1
restart n1
run 1ms
fire n1 election
run 50ms
expect n1 role leader
expect "leader completeness" violated
expect "a change waits for the one before" violated
expect trace 04e62517ad88873a
