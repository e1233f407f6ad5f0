lab two-phase-commit seed=1 rate=0 termination=cooperative
# n2 hears the decision, and then n1 dies. The others ask all, and n2 knows.
request n1 pay n2 20
run until note commits within 1s
cut n1 > n3
cut n1 > n4
run 50ms
kill n1
heal
mark "only n2 has heard, and n1 is dead"
expect n2 a 40
expect n3 in-doubt "1.1"
run until note asks within 1s
run 100ms
expect n3 a 120
expect n4 a 120
expect not in-doubt
mark "n1 is still down, and nobody is in doubt"
expect all-decide-alike holds
expect trace 338ed9c4574b63c5
