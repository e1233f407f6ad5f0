lab three-phase-commit seed=1 rate=0 members=2
request n1 pay n2 20
run until note pre-commits-all within 1s
run 5ms
hold PreCommit n1>n2 #1
mark "one message is late"
run until violated all-decide-alike within 2s
expect n1 committed 1
expect n2 aborted 1
release PreCommit n1>n2 #1
run 500ms
expect n2 aborted 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 3b0317188dd36acd
