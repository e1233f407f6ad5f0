lab three-phase-commit seed=1 rate=0
request n1 pay n2 20
run until note pre-ack-counted within 1s
kill n1
kill n2
kill n3
kill n4
restart n4
restart n3
restart n2
run 2s
# Three are back, and none of them knows whether n1 has committed.
expect n4 recovering "1.1"
expect n3 recovering "1.1"
mark "after a total failure they wait until all are back"
restart n1
run until note all-were-down within 2s
run 500ms
expect n1 committed 1
expect n4 committed 1
expect all-decide-alike holds
expect trace b8bacb82991bbfe5
