# The leader stops for a second, as in a long garbage collection. It does not know that time has
# passed: when it goes on, it still believes that it leads, until the first answer of a higher term.
lab raft seed=7 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
expect n5 role leader
pause n5
run 1s
mark "asleep"
expect leader
request c1 put x=2
run until answered
resume n5
expect n5 role leader
mark "awake, and wrong"
run 300ms
expect n5 role follower
expect settled
expect "an old leader steps down" seen
expect "one leader per term" holds
expect "a read sees the latest write" holds
expect trace d128f527ac8279e1
