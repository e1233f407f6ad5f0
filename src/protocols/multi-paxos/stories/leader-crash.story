# A leader crashes while nothing is open. The next one asks once what was accepted, and goes on. These
# are the commands of Raft's story of the same name: run the one beside the other.
lab multi-paxos seed=7 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
mark "before the crash"
expect n5 role leader
kill n5
run until leader
expect n5 status down
expect "a leader is stable" seen
request c1 put x=2
run until answered
restart n5
run 300ms
expect settled
expect n5 role follower
expect "one value is chosen in a slot" holds
expect "state machine safety" holds
expect trace 28ec6c90338c6bcb
