# The leader removes itself. It leads the others until that is committed, without counting itself, and steps down.
lab raft seed=7 nodes=3 spare=1 rate=0
run until leader
run until settled
request n2 remove n2
run until note members-in-effect
mark "no member any more, and still the leader"
expect n2 role leader
run until note leader-removed within 1s
expect n2 role spare
run until note election-won within 2s
expect n2 role spare
request c1 put x=1
run until answered within 2s
expect "a change of members commits" seen
expect "one leader per term" holds
expect "state-machine safety" holds
expect trace 8a5ba6222e3f7cb9
