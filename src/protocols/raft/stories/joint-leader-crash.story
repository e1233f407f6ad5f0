# The leader crashes when the others have the joint configuration, and before it knows. The next one brings the change to its end.
lab raft seed=7 nodes=3 spare=3 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
request n2 reconfigure n3 n4 n5
run until note members-joint within 2s
run 16ms
kill n2
mark "joint, not committed, and no leader"
run until note election-won within 3s
run until note joint-committed within 2s
mark "both majorities have it: the new configuration follows"
run until settled within 2s
kill n1
request c1 put x=2
run until answered within 3s
expect "a change of members commits" seen
expect "leader completeness" holds
expect "state-machine safety" holds
expect trace 9f7f4232e0a8c126
