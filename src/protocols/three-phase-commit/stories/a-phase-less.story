lab three-phase-commit seed=1 rate=0 send_gap=5ms
rule pre-commit-before-committing off
request n1 pay n2 20
run until note skips-a-phase within 1s
# It commits, and dies before it has told anybody.
run 4ms
kill n1
mark "n1 has committed, and n2, n3 and n4 are uncertain"
run until note nobody-pre-committed within 1s
run until violated all-decide-alike within 1s
expect trace d71feb14d0c2e68e
