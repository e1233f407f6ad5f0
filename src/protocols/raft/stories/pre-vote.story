# The same with pre-vote: n1 asks around, nobody would vote for it, and its term stays. It comes back, and nothing happens.
lab raft seed=7 rate=0 pre_vote=on
run until leader
run 200ms
partition n1 | n2 n3 n4 n5
run 1900ms
mark "n1 asks and asks, and its term is still 1"
expect n1 role pre-candidate
heal
run 2s
expect n1 role follower
expect "a pre-vote waits for silence" holds
expect "an old leader steps down" not-seen
expect trace 728e8690cad34034
