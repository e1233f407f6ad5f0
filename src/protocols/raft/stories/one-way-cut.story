# n3 is heard by all and hears nobody. Its election timer runs out again and again, each time with
# a higher term, and each time the leader steps down. Pre-vote (dissertation, section 9.6) is the
# cure; this lab does not have it.
lab raft seed=7 rate=0
run until leader
run 200ms
expect n5 role leader
expect n5 term 1
cut n1 > n3
cut n2 > n3
cut n4 > n3
cut n5 > n3
run 3s
mark "terms rise for nothing"
expect "an old leader steps down" seen
expect "one leader per term" holds
heal
run 2s
expect leader
expect "log matching" holds
expect trace a51b8988bdb33f5c
