lab two-phase-commit seed=1 rate=0
# All have voted yes, and n1 dies before its decision is on its disk.
request n1 pay n2 20
run until note commits within 1s
kill n1
mark "n1 is dead, and nobody knows what it decided"
run 2s
# The others are prepared. They may not commit, and may not abort; the account is locked.
expect in-doubt
expect n2 in-doubt "1.1"
expect n3 in-doubt "1.1"
expect n4 in-doubt "1.1"
expect a-member-in-doubt-has-to-ask seen
mark "blocked for two seconds, and for as long as n1 is down"
restart n1
# Its log says nothing of 1.1: then it cannot have been committed.
run until note no-information within 1s
run 1s
expect not in-doubt
expect n2 a 100
expect all-decide-alike holds
expect with-nobody-in-doubt-the-total-is-right holds
expect trace c36aacd0512b2c2d
