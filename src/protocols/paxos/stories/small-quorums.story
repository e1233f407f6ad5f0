lab paxos seed=1 acceptors=5 prepare_quorum=2 accept_quorum=3 by_themselves=off
# Two promises and three acceptances, of five: one short of what it takes.
rule quorums-overlap off
cut p1 a4
cut p1 a5
request p1 propose x
run until note decided within 1s
mark "a1, a2 and a3 have chosen x"
cut p2 a1
cut p2 a2
latency p2 a3 60ms
request p2 propose y
run until note free-choice within 1s
mark "a4 and a5 have heard of nothing"
run until violated one-value-is-chosen within 1s
expect two-chosen
expect trace 3bb700345d0c88df
