# Figure 8 with the rule switched off: a leader counts copies of an entry of an earlier term, calls
# it committed, and then another leader overwrites it.
lab raft seed=1 noop=off rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
rule commit-own-term off
run 1ms

# Term 1: one entry, on every server.
fire n1 election
run until note election-won
run 30ms
request c1 put x=1
run until answered
run 60ms

# (a) Term 2: n1 leads again. Its entry reaches n2 only.
kill n1
restart n1
fire n1 election
run until note election-won
run 10ms
partition n1 n2 | n3 n4 n5
request c1 put x=2 to n1
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
run 40ms
expect n2 log "1 2"
expect n3 log "1"

# (b) n1 crashes. n5 leads term 3 with the votes of n3 and n4, and takes another entry.
kill n1
heal
cut n2 n5
fire n5 election
run until note election-won
partition n5 | n1 n2 n3 n4
request c1 put x=3 to n5
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
expect n5 log "1 3"

# (c) n5 crashes. n1 leads term 4, and its entry of term 2 reaches n3: a majority has it.
kill n5
heal
restart n1
fire n1 election
# Term 3 is taken; the next one is its own.
run 20ms
fire n1 election
run until note election-won
cut n1 n4
run 40ms
expect n1 log "1 2"
expect n2 log "1 2"
expect n3 log "1 2"
mark "a majority has the entry of term 2"
expect n1 commit 2

# (d) n1 crashes. n5 leads term 5 with the votes of n2, n3 and n4, and overwrites the entry.
kill n1
heal
restart n5
fire n5 election
run 20ms
fire n5 election
run until note election-won
expect n5 log "1 3"
expect "leader completeness" violated
run 100ms
expect n2 log "1 3"
expect n3 log "1 3"
expect "committed entries stay" violated
expect "state-machine safety" violated
expect trace 291671598da96332
