# A leader crashes while the cluster is at rest. The next one has everything that was committed.
lab raft seed=7 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
mark "before the crash"
expect n5 role leader
kill n5
run until leader
expect n5 status down
expect "a leader is elected" seen
request c1 put x=2
run until answered
restart n5
run 300ms
expect settled
expect n5 role follower
expect "one leader per term" holds
expect "leader completeness" holds
expect "committed entries stay" holds
expect trace 8520f6d2461f64bb
