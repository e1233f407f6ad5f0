lab paxos seed=1 acceptors=3 by_themselves=off
# x is chosen, and l1 hears nothing of it.
cut a1 > l1
cut a2 > l1
cut a3 > l1
request p1 propose x
run until note decided within 1s
run 100ms
expect chosen
expect not learned
heal
# It asks after a while, and two answers under one ballot are enough.
run until note asks within 2s
run until learned within 1s
expect l1 learned x
expect what-is-learned-is-chosen holds
expect trace 476f7bee233188b7
