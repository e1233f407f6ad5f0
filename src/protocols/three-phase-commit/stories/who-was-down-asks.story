lab three-phase-commit seed=1 rate=0
request n1 pay n2 20
run until note pre-commits-all within 1s
kill n4
restart n4
# n4 is back before anybody has missed it. But the others may go on without it, so it takes no part.
run until note stands-back within 1s
mark "n4 was down: it waits to be told"
run until note goes-on-without within 1s
run 500ms
expect n4 committed 1
expect n4 recovering ""
expect a-member-that-was-down-has-to-ask seen
expect all-decide-alike holds
expect trace fa1fc82ede37f363
