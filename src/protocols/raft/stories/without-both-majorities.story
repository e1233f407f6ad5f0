# n1, n2, n3 give way to n4, n5, n6. Only the new majority is asked for: n2 and n3 know nothing of it, and elect a leader.
lab raft seed=1 nodes=3 spare=3 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms
rule both-majorities off
run 1ms
fire n1 election
run until note election-won
run until settled within 1s
partition n1 n4 n5 n6 | n2 n3
request n1 reconfigure n4 n5 n6
run until note members-joint within 1s
run 100ms
mark "committed by the new ones alone"
fire n2 election
run until note election-won within 1s
run 50ms
expect n2 role leader
expect "leader completeness" violated
expect "state-machine safety" violated
expect "a commit has its majorities" violated
expect trace f176aecb75b9beb0
