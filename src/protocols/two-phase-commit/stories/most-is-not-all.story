lab two-phase-commit seed=1 rate=0
rule every-vote-is-needed off
# n2 has not enough and votes no. Three of four say yes: is that not a majority?
cut n2 > n1
request n1 pay n2 40
run until note commits-by-most within 1s
run until violated no-commit-without-every-yes within 1s
run 200ms
expect n3 a 140
expect n2 a 100
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 862e00369def357b
