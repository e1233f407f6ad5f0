# Rule off: the gap that a crash left stays. What is chosen behind it is never applied, and clients
# wait for ever.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule fill-gaps off
run 1ms
fire n1 election
run until note leads
run 30ms
request c1 put x=1 to n1
run until note proposed
drop Accept n1>n2 #1
drop Accept n1>n3 #1
request c2 put y=2 to n1
run until note chosen
kill n1
fire n2 election
run until note leads
run 100ms
mark "slot 1 is empty, and nothing behind it counts"
calm
run 8s
expect n2 applied 0
expect not answered
expect "one value is chosen in a slot" holds
expect "after calm all live logs are alike" violated
expect "a leader leaves no gap" violated
expect trace 499fa8c0f6450314
