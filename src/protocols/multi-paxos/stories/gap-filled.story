# The Accepts for slot 1 are lost, those for slot 2 arrive, and the leader crashes. Who comes next finds
# something in slot 2 and nothing in slot 1. It may not leave the gap: nothing behind it would ever be
# applied. A no-op fills it.
lab multi-paxos seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=200ms
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
expect gap
mark "slot 2 is chosen, and slot 1 is not"
kill n1
fire n2 election
run until note gap-filled
run 30ms
expect not gap
expect n2 applied 2
mark "slot 1 is a no-op"
run 1s
expect answered
restart n1
run 200ms
expect settled
expect "a gap is filled" seen
expect "one value is chosen in a slot" holds
expect clients-linearizable holds
expect trace 31ec36f34941a17a
