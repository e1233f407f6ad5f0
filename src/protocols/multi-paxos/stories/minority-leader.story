# The leader stands on the small side of a wall. It takes a request, and two votes of five choose
# nothing. The large side has a new leader by then, which heard nothing of that request.
lab multi-paxos seed=7 rate=0 clients=2
run until leader
run 200ms
expect n5 role leader
request c1 put x=1
run until answered
mark "before the wall"
partition n4 n5 | n1 n2 n3
request c1 put x=9
run 100ms
expect not answered
run 500ms
expect n5 role leader
expect n5 chosen 1
mark "two leaders, with different ballots"
request c2 put y=7
run 1s
heal
run 1s
expect answered
expect settled
expect n5 role follower
expect "one value is chosen in a slot" holds
expect clients-linearizable holds
expect trace 7fa44a89f1d37e80
