# The leader has been answered just now, so nobody else is elected yet: it answers at once, and asks nobody.
lab raft seed=7 nodes=3 rate=0 lease=on
run until leader
request c1 put x=1
run until answered
run 100ms
request c1 get x
run until note read-by-lease within 50ms
run until answered within 50ms
expect "a lease read sees the latest write" holds
kill n1
kill n3
run 200ms
request c1 get x
run until note lease-over within 50ms
mark "nobody answers the leader: no lease, no read"
run 200ms
restart n1
run until answered within 2s
expect "a lease read sees the latest write" holds
expect trace 9c36dd4ea0a5cfdd
