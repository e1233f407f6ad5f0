# The answer to c1 is lost, the servers restart from snapshots without sessions, and c1's request is applied a second time.
lab raft seed=1 nodes=3 clients=2 rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms compact=1 client_timeout=1s
rule keep-sessions off
run until leader
run until settled
request c1 put x=1
run until message ClientRequest
run until note committed
cut n1 c1
cut n2 c1
cut n3 c1
run 300ms
mark "x=1 is in every snapshot; c1 has no answer"
request c2 put x=2
run 300ms
kill n1
kill n2
kill n3
restart n1
restart n2
restart n3
mark "all come up from their snapshots"
run until leader
heal
run 3s
expect answered
expect "each request is applied once" violated
expect trace 45ed75e942068ee7
