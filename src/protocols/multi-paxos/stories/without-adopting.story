# Rule off: x=1 is chosen, and only n1 knows it. n2 hears of it in phase 1, and proposes something else.
lab multi-paxos seed=1 nodes=3 clients=1 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule adopt-the-highest off
run 1ms
fire n1 election
run until note leads
run 30ms
request c1 put x=1 to n1
run until note chosen
partition n1 | n2 n3
fire n2 election
run 100ms
mark "slot 1 is chosen twice"
expect "one value is chosen in a slot" violated
expect "state machine safety" violated
expect trace da8d5acdb6aa7a34
