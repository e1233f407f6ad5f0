lab three-phase-commit seed=1 rate=0
# The fault that blocks two-phase commit: all have voted yes, and n1 dies before it has said anything.
request n1 pay n2 20
run until note pre-commits-all within 1s
kill n1
mark "n1 is dead"
run until note silent within 1s
run until note takes-over within 1s
mark "n4 is the highest that is left"
# Nobody is pre-committed, so nobody can have committed.
run until note nobody-pre-committed within 1s
run 200ms
expect n2 aborted 1
expect n3 aborted 1
expect n4 aborted 1
expect not prepared
mark "n1 is still down, and nobody is in doubt"
expect who-stays-up-is-soon-out-of-doubt holds
restart n1
run 1s
expect n1 a 100
expect all-decide-alike holds
expect trace aad6433325ef5f1f
