lab paxos seed=1 by_themselves=off
# p1 is alone. It asks for promises, and three of five are enough.
request p1 propose x
run until note promised
run until note free-choice within 1s
mark "three promises, and nobody has accepted anything"
run until chosen within 1s
mark "three have accepted 1.1: x is chosen, and nobody knows yet"
expect p1 phase accepting
run until note decided within 1s
run until learned within 1s
expect l1 learned x
# p2 comes later, and wants y. Whoever it asks, one of them has accepted x.
request p2 propose y
run until note adopts within 1s
mark "p2 hears of x"
run 1s
expect p2 phase decided
expect one-value-is-chosen holds
expect a-value-is-chosen seen
expect trace a03d70358db5b2ac
