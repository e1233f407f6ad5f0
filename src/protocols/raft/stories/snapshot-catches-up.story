# n1 sleeps through five writes, and the others let go of their logs. It gets a snapshot, in pieces, instead of entries.
lab raft seed=7 rate=0 compact=4 chunk=2
run until leader
kill n1
request c1 put x=1
run until answered
request c1 put y=2
run until answered
request c1 put z=3
run until answered
request c1 put x=4
run until answered
request c1 put w=5
run until answered
run 200ms
mark "the others have a snapshot, and n1 has nothing"
restart n1
run until message InstallSnapshot
mark "the first piece: two items of five"
run until note snapshot-installed
run until settled
expect n1 role follower
expect "a follower takes over a snapshot" seen
expect "state-machine safety" holds
expect "each request is applied once" holds
kill n1
restart n1
mark "a restart: the snapshot was on its disk"
run until settled
expect "committed entries stay" holds
expect trace 132294f41bf3ff8a
