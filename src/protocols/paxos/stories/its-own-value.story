lab paxos seed=1 acceptors=3 by_themselves=off
# x is chosen, and everybody knows.
rule adopt-the-highest off
request p1 propose x
run until learned within 1s
# p2 asks first, as it should; it hears of x, and proposes y all the same.
request p2 propose y
run until note keeps-its-own within 1s
mark "p2 has heard, and does not listen"
run until violated one-value-is-chosen within 1s
expect two-chosen
expect trace 7ee08539a542bfad
