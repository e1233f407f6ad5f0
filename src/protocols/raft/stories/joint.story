# From n1, n2, n3 to n4, n5, n6. In between everything takes a majority of both.
lab raft seed=7 nodes=3 spare=3 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
request n2 reconfigure n4 n5 n6
run until note learner-ready within 2s
run until note members-joint
mark "old and new: two majorities for everything"
run until note joint-committed within 1s
mark "the new configuration alone follows"
run until note leader-removed within 1s
run until note election-won within 2s
kill n1
kill n2
kill n3
request c1 put x=2
run until answered within 3s
expect "a change of members commits" seen
expect "leader completeness" holds
expect "state-machine safety" holds
expect trace 9be9e9e2add988fc
