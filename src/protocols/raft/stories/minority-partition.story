# The leader stands on the small side of a wall. It takes a request and cannot commit it; the
# large side elects another leader, and goes on. When the wall falls, the old leader steps down
# and its entry is overwritten.
lab raft seed=7 rate=0 clients=2
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
expect n5 commit 2
mark "two leaders, of different terms"
request c2 put y=7
run 1s
heal
run 1s
expect answered
expect settled
expect "an old leader steps down" seen
expect "one leader per term" holds
expect "committed entries stay" holds
expect "a read sees the latest write" holds
expect trace f27b666532382824
