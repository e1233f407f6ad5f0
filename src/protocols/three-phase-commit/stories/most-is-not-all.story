lab three-phase-commit seed=1 rate=0
rule every-vote-is-needed off
kill n2
request n1 pay n2 20
run until note goes-on-with-most within 1s
run until violated no-commit-without-every-yes within 1s
expect trace 707d8f9de8f25f00
