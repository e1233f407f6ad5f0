lab paxos seed=1 acceptors=3 by_themselves=off
# p1 has the promises of a1 and a2. What it sends them then takes its time.
rule remember-promises off
cut p1 a3
cut p2 a1
request p1 propose x
run until note free-choice within 1s
hold Accept p1>a1 #1
hold Accept p1>a2 #1
cut a2 > p1
# p2 has those of a2 and a3, for a higher ballot. a2 may accept nothing below it now.
request p2 propose y
run until note free-choice within 1s
hold Accept p2>a2 #1
hold Accept p2>a3 #1
expect a2 promised 1.2
mark "a2 has promised 1.2"
kill a2
restart a2
expect a2 promised "-"
mark "and has forgotten it"
release Accept p1>a1 #1
release Accept p1>a2 #1
run until chosen within 1s
mark "x is chosen"
release Accept p2>a2 #1
release Accept p2>a3 #1
run until violated one-value-is-chosen within 1s
expect two-chosen
expect trace 6a6bc21ddbdb9336
