# Rule off: who is overtaken tries at once with a higher ballot. Each leads for a millisecond, and then
# the other has the promises. After calm, too, and for ever.
lab multi-paxos seed=1 nodes=3 clients=1 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
rule back-off off
run 1ms
fire n1 election
fire n2 election
calm
request c1 put x=1 to n3
run 8s
expect not answered
expect "one value is chosen in a slot" holds
expect "after calm there is a leader" violated
expect "after calm all live logs are alike" violated
expect trace f6583cb5f0515cb2
