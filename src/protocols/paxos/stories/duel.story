lab paxos seed=18
# Two proposers begin within 20 ms. Each promise to one is the end of the other's ballot.
run until note overtaken within 1s
mark "p1 or p2 is overtaken, and backs off"
run until duel within 2s
mark "and now the other one, too"
# The waits are drawn, and grow. Sooner or later one is long enough.
run until chosen within 4s
mark "one had the time that it takes"
run 2s
expect p1 phase decided
expect p2 phase decided
expect learned
expect two-proposers-duel seen
expect one-value-is-chosen holds
expect trace 3f72f8fa6969276b
