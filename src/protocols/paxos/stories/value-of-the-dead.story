lab paxos seed=1 acceptors=3 by_themselves=off
# p1 gets its promises, and only a1 hears what it then proposes.
request p1 propose x
run until note free-choice within 1s
cut p1 > a2
cut p1 > a3
run until note accepted within 1s
kill p1
mark "a1 has accepted x, and p1 is dead"
expect not chosen
# p2 cannot know whether x was chosen: a3 might have accepted it, too.
cut p2 a3
request p2 propose y
run until note adopts within 1s
mark "so it takes x for its own"
run until learned within 1s
expect l1 learned x
restart p1
run 1s
expect one-value-is-chosen holds
expect trace ed26401b8c62236a
