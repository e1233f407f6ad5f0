lab three-phase-commit seed=1 rate=0 send_gap=5ms
request n1 pay n2 20
run until note pre-commits-all within 1s
run 9ms
kill n1
run until note somebody-pre-committed within 1s
# n4 has asked, and is about to tell n2 and n3 what n2 knew.
run until note pre-committed-already within 1s
kill n4
mark "n1 and n4 are dead"
run until note takes-over within 1s
mark "n3 is the next one"
run 500ms
expect n2 committed 1
expect n3 committed 1
expect not prepared
restart n1
restart n4
run 500ms
expect n1 committed 1
expect n4 committed 1
expect all-decide-alike holds
expect trace ebc654c8496b0408
