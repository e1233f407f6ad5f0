# A leader asks for promises once, for all slots there will ever be. From then on each request
# takes one round of messages: accept, accepted.
lab multi-paxos seed=7 rate=0
run until stable
request c1 put x=1
run until answered
request c1 put x=2
run until answered
request c1 get x
run until answered
run 200ms
expect settled
expect "a leader is stable" seen
expect "a value is chosen" seen
expect "one value is chosen in a slot" holds
expect "clients linearizable" holds
expect trace 7979546f3773b5d2
