lab three-phase-commit seed=1 rate=0
rule elect-a-backup off
request n1 pay n2 20
run until note pre-commits-all within 1s
kill n1
run until note waits-for-the-coordinator within 1s
run 1s
expect n2 in-doubt "1.1"
mark "as in two-phase commit: they wait for n1"
run until violated who-stays-up-is-soon-out-of-doubt within 5s
expect trace b8f550d63582ed73
