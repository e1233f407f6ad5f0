# n1 does not hear the leader, and can speak to all. With pre-vote, but voters do not mind that they hear a leader: it is deposed.
lab raft seed=7 rate=0 pre_vote=on
rule wait-for-silence off
run until leader
run 200ms
cut n5 > n1
run until violated a-pre-vote-waits-for-silence within 1s
mark "they heard n5 just now, and back n1"
run until note stepped-down within 1s
expect "a pre-vote waits for silence" violated
expect "an old leader steps down" seen
expect trace 04790f8d9cdfe4a0
