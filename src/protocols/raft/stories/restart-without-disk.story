# Raft promises nothing to a server that loses its disk and comes back under its old name. Here
# two of three servers have a committed entry. One of them loses its disk, forgets the entry and
# its vote, and helps to elect a leader that never had it.
lab raft seed=1 nodes=3 rate=0 noop=off latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
run 1ms
fire n1 election
run until note election-won
run 30ms
cut n1 n3
request c1 put x=1
run until answered
expect n1 commit 1
expect n2 log "1"
expect n3 log ""
mark "committed by n1 and n2"
wipe n2
restart n2
kill n1
fire n3 election
run until note election-won
expect "leader completeness" violated
request c1 put x=2
run until answered
heal
restart n1
run 100ms
expect n1 log "2"
expect "committed entries stay" violated
expect "state-machine safety" violated
expect trace 20126b1fe25244a0
