lab two-phase-commit seed=1 rate=0
request n1 pay n2 20
run until note commits within 1s
cut n1 > n4
run 100ms
mark "n2 and n3 have heard it; what went to n4 is lost"
expect n2 a 40
expect n4 in-doubt "1.1"
run until note asks within 1s
heal
run until committed within 1s
expect n4 a 120
expect all-decide-alike holds
expect trace 10150c42002d8ebc
