lab two-phase-commit seed=1 rate=0
# Outside of what is promised: n1 has committed, and its disk is gone before n4 has heard.
request n1 pay n2 20
run until note commits within 1s
cut n1 > n4
run 50ms
wipe n1
restart n1
heal
run until note no-information within 1s
run 100ms
expect n2 committed 1
expect n4 aborted 1
expect all-decide-alike violated
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 7a90dfbde2b88366
