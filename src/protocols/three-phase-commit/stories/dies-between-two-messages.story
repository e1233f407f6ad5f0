lab three-phase-commit seed=1 rate=0 send_gap=5ms
request n1 pay n2 20
run until note pre-commits-all within 1s
run 9ms
kill n1
mark "n2 hears that all have voted yes; n3 and n4 do not"
run until note takes-over within 1s
expect n2 pre-committed "1.1"
expect n4 pre-committed ""
# n4 asks. n2 is pre-committed: n1 may have committed. So all are brought there first, and then they commit.
run until note somebody-pre-committed within 1s
run 300ms
expect n2 committed 1
expect n3 committed 1
expect n4 committed 1
expect a-backup-commits seen
restart n1
run 500ms
expect n1 committed 1
expect all-decide-alike holds
expect trace f5d69b9e16f2ac04
