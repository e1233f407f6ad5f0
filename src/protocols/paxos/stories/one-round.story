lab paxos seed=1 acceptors=3 by_themselves=off
# The article's single round of voting: who has more than half of the votes has won. p1 has them.
rule prepare-before-accept off
request p1 propose x
run until note decided within 1s
mark "x is chosen"
# p2 does not ask what was before. Its ballot is higher, so everybody accepts it.
request p2 propose y
run until violated one-value-is-chosen within 1s
mark "and now y"
expect two-chosen
expect trace 7dd545efdde82ebc
