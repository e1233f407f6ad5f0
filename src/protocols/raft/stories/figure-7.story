# Figure 7 of the paper, reached by commands alone: a leader of term 8 whose six followers lack
# entries, have entries of dead leaders, or both. n1 is the leader on top, n2 to n7 are (a) to (f).
lab raft seed=1 nodes=7 noop=off rate=0 latency_min=5ms latency_max=5ms disk_min=1ms disk_max=1ms timeout_min=10s timeout_max=20s heartbeat=20ms client_timeout=30ms
run 1ms

# Term 1: three entries, on every server.
fire n1 election
run until note election-won
run 30ms
request c1 put a=1
run until answered
run 60ms
request c1 put a=2
run until answered
run 60ms
request c1 put a=3
run until answered
run 60ms

# Term 2: (f) leads, and is cut off at once; three entries stay its own.
fire n7 election
run until note election-won
partition n7 | n1 n2 n3 n4 n5 n6
request c1 put f=1 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put f=2 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put f=3 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1

# Term 3: (f) comes back, leads again, and is cut off again; five more.
kill n7
heal
restart n7
fire n7 election
run until note election-won
partition n7 | n1 n2 n3 n4 n5 n6
request c1 put f=4 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put f=5 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put f=6 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put f=7 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put f=8 to n7
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1

# Term 4: (e) leads. (b) gets one entry and crashes; two reach the others; two stay with (e).
kill n7
heal
fire n6 election
run until note election-won
run 30ms
request c1 put e=1
run until answered
run 60ms
kill n3
request c1 put e=2
run until answered
run 60ms
partition n6 | n1 n2 n4 n5
request c1 put e=3 to n6
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put e=4 to n6
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1

# Term 5: the leader-to-be leads, with two entries for a bare majority.
kill n6
heal
fire n1 election
run until note election-won
run 30ms
request c1 put a=4
run until answered
run 60ms
request c1 put a=5
run until answered
run 60ms

# Term 6: (c) leads. Two entries reach (a), which crashes; a third reaches n1 and (d); a fourth
# stays with (c).
fire n4 election
run until note election-won
run 30ms
request c1 put c=1
run until answered
run 60ms
request c1 put c=2
run until answered
run 60ms
kill n2
request c1 put c=3 to n4
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
run 60ms
partition n4 | n1 n5
request c1 put c=4 to n4
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1

# Term 7: (d) leads, and is cut off; two entries stay its own.
kill n4
heal
# What was under way is gone.
run 10ms
restart n2
restart n3
restart n6
restart n7
fire n5 election
run until note election-won
partition n5 | n1 n2 n3 n4 n6 n7
request c1 put d=1 to n5
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1
request c1 put d=2 to n5
run until note request-appended within 5s
run 5ms
# The client gives up, so that it can ask for something else.
kill c1
restart c1

# Term 8: the picture of the paper.
kill n5
heal
run 10ms
restart n4
restart n5
fire n1 election
run until note election-won
mark "figure 7"
expect n1 log "1 1 1 4 4 5 5 6 6 6"
expect n2 log "1 1 1 4 4 5 5 6 6"
expect n3 log "1 1 1 4"
expect n4 log "1 1 1 4 4 5 5 6 6 6 6"
expect n5 log "1 1 1 4 4 5 5 6 6 6 7 7"
expect n6 log "1 1 1 4 4 4 4"
expect n7 log "1 1 1 2 2 2 3 3 3 3 3"
expect n1 term 8

# One new entry, and every log is repaired.
request c1 put a=6
run until answered
run 200ms
expect n1 log "1 1 1 4 4 5 5 6 6 6 8"
expect n2 log "1 1 1 4 4 5 5 6 6 6 8"
expect n3 log "1 1 1 4 4 5 5 6 6 6 8"
expect n4 log "1 1 1 4 4 5 5 6 6 6 8"
expect n5 log "1 1 1 4 4 5 5 6 6 6 8"
expect n6 log "1 1 1 4 4 5 5 6 6 6 8"
expect n7 log "1 1 1 4 4 5 5 6 6 6 8"
expect settled
expect "log matching" holds
expect "leader completeness" holds
expect "committed entries stay" holds
expect trace f7f23cf5358f6c8c
