lab paxos seed=1 acceptors=3 by_themselves=off
# A ballot is a round, and nothing else. Both proposers take 1.
rule unique-ballots off
cut p1 a3
cut p2 a1
request p1 propose x
request p2 propose y
run until note promised-again within 1s
mark "a2 believes that it is the same proposer"
run until violated one-value-is-chosen within 1s
expect two-chosen
mark "two values under one ballot"
expect trace 2cb13a1743effe0d
