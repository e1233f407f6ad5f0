# A server crashes and comes back. Term, vote and log were on its disk; commit index and store are
# learned anew.
lab raft seed=7 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
kill n2
run 100ms
request c1 put x=2
run until answered
expect n2 disk log "1 1"
restart n2
mark "n2 is back"
expect n2 term 1
expect n2 voted-for n5
expect n2 log "1 1"
expect n2 commit 0
run 300ms
expect n2 log "1 1 1"
expect n2 commit 3
expect settled
expect "log matching" holds
expect "committed entries stay" holds
expect trace 54eaa71ca20d684b
