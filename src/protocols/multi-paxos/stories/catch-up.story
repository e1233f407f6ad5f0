# n1 is down while three slots are chosen. The next heartbeat says how far the others are; n1 asks
# for what it lacks, and puts it on its disk.
lab multi-paxos seed=7 rate=0
run until stable
request c1 put x=1
run until answered
run until settled
expect n5 role leader
kill n1
request c1 put x=2
run until answered
request c1 put y=3
run until answered
request c1 put z=4
run until answered
mark "n1 lacks slots 2, 3 and 4"
expect n1 chosen 1
restart n1
run until note caught-up
mark "and has them now"
run 500ms
expect settled
expect n1 chosen 4
expect "a server catches up" seen
expect "state machine safety" holds
expect trace df68a2ba785f8be0
