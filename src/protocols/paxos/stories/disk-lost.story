lab paxos seed=1 acceptors=3 by_themselves=off
# Outside of what is promised. x is chosen by a1 and a2; a3 has heard nothing.
cut p1 a3
request p1 propose x
run until note decided within 1s
wipe a2
restart a2
mark "a2 has lost its disk, and with it what it promised and accepted"
cut p2 a1
request p2 propose y
run until note free-choice within 1s
run until note decided within 1s
expect p1 phase decided
expect p2 phase decided
expect a3 value y
expect a1 value x
expect one-value-is-chosen violated
expect trace 05b46e4f29439f9a
