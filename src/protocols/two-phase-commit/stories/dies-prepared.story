lab two-phase-commit seed=1 rate=0
request n1 pay n2 20
run until message Yes within 1s
run until note yes-counted within 1s
kill n3
mark "n3 has voted yes, and dies"
run 1s
# The others go on without it. n1 has to remember its decision for n3.
expect n1 unacknowledged "1.1"
expect n2 a 40
restart n3
run until note in-doubt within 1s
mark "its log says that it is prepared"
run until committed within 1s
run 100ms
expect n3 a 120
expect n1 unacknowledged ""
expect with-nobody-in-doubt-the-total-is-right holds
expect trace 60ef7aef14269666
