lab two-phase-commit seed=1 rate=0 termination=cooperative
# n4 was never asked when n1 dies. It may say no for ever.
cut n1 > n4
request n1 pay n2 20
run until note yes-counted within 1s
kill n1
heal
run until note refuses-on-behalf within 1s
run 200ms
expect not in-doubt
expect n2 aborted 1
mark "all can abort, without n1"
restart n1
run 500ms
expect n2 a 100
expect all-decide-alike holds
expect trace 18cf8c5025e9117f
