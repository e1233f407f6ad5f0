# The same with pre-vote: those who hear the leader back nobody else, member or not.
lab raft seed=7 nodes=4 spare=1 rate=0 pre_vote=on
run until leader
run until settled
expect n4 role leader
request n4 remove n1
run until note members-in-effect
run until note pre-vote-refused-log within 2s
run 3s
expect n4 role leader
expect "an old leader steps down" not-seen
expect "a change of members commits" seen
expect trace d5b1c7cf5106a01f
