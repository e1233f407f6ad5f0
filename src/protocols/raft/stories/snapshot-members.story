# n1 is down while n4 becomes a member, and the entry that says so leaves the log. A snapshot tells n1.
lab raft seed=7 nodes=3 spare=1 rate=0 compact=2
run until leader
run until settled
kill n1
request n2 add n4
run until note members-in-effect within 1s
request c1 put x=1
run until answered within 1s
request c1 put x=2
run until answered within 1s
request c1 put x=3
run until answered within 1s
run 100ms
restart n1
run until note members-in-snapshot within 1s
expect n1 members n1 n2 n3 n4
run until settled within 1s
expect "a follower takes over a snapshot" seen
expect "a new member has caught up" holds
expect trace e8870dc197ce603c
