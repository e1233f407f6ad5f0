# n1 is cut off, and lets n2 go, and n3 as well. It is the only member then, and commits by itself what nobody else knows.
lab raft seed=1 nodes=3 spare=1 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
rule one-change-at-a-time off
run 1ms
fire n1 election
run until note election-won
run until settled within 1s
partition n1 | n2 n3
request n1 remove n2
request n1 remove n3
run 50ms
mark "one of one: committed"
fire n2 election
run until note election-won within 1s
run 50ms
expect n2 role leader
expect "leader completeness" violated
expect "state-machine safety" violated
expect "a change waits for the one before" violated
expect trace 2d99a88d28fc6206
