# n1 is removed and never hears of it, as nobody sends it anything any more. It asks for votes, term after term.
lab raft seed=7 nodes=4 spare=1 rate=0
run until leader
run until settled
expect n4 role leader
request n4 remove n1
run until note members-in-effect
run until note stepped-down within 2s
mark "its term is higher: the leader steps down"
run until note election-won within 2s
expect "an old leader steps down" seen
expect "one leader per term" holds
expect trace d3b7e32c47dc9b09
