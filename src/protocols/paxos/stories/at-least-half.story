lab paxos seed=1 acceptors=4 by_themselves=off
# The article says more than half, and its formula says a sum of at least n/2. Of four that is two.
rule more-than-half off
partition p1 a1 a2 | p2 a3 a4
request p1 propose x
request p2 propose y
run until violated one-value-is-chosen within 1s
mark "two halves, two values"
expect two-chosen
run 1s
expect p1 phase decided
expect p2 phase decided
expect trace 418dc39a4d94d96f
