# n4 is down. It is no member before it has caught up, so nobody waits for it; after a while the leader gives it up.
lab raft seed=7 nodes=3 spare=1 rate=0
run until leader
run until settled
kill n4
request n2 add n4
kill n1
request c1 put x=1 to n2
run until answered within 1s
mark "two of three members: n4 is none"
run until note learner-given-up within 5s
restart n1
restart n4
run until settled within 3s
expect n4 role spare
expect n4 log ""
request n2 add n4
run until note learner-ready within 2s
expect "a new member has caught up" holds
expect trace 1bca036c3cec22e0
