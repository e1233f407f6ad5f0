# n4 is to be a member. It gets the log first, without a vote, and then counts; n1 may go after that.
lab raft seed=7 nodes=3 spare=1 rate=0
run until leader
request c1 put x=1
run until answered
request c1 put x=2
run until answered
run until settled
expect n4 role spare
request n2 add n4
run until note learner-begins within 1s
mark "a learner: it has no vote, and does not count"
run until note learner-ready within 1s
mark "it has caught up in one round"
run until note members-in-effect
run until settled within 1s
expect n4 role follower
expect n4 log "1 1 1 1"
expect "a change of members commits" seen
expect "a new member has caught up" holds
kill n3
request c1 put x=3
run until answered within 2s
mark "three of four: n4 counts"
expect "leader completeness" holds
expect trace b027d4c3572aae8b
