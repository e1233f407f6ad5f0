lab two-phase-commit seed=1 rate=0
# The record is on the disk of n1, the messages are not out.
request n1 pay n2 20
run until note commits within 1s
cut n1 > n2
cut n1 > n3
cut n1 > n4
run 20ms
kill n1
mark "committed, and n1 is dead: only its disk knows"
heal
run 1s
expect n2 in-doubt "1.1"
restart n1
run until note recovers within 1s
mark "a commit record without an end: it tells everybody"
run until committed within 1s
expect n2 a 40
expect n3 a 120
expect all-decide-alike holds
expect trace 036dc194df0fa511
