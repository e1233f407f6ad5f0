# Who hears a leader elects nobody else. Who was told by the leader says so, and is elected at once; the old leader reads no more.
lab raft seed=7 nodes=3 rate=0 lease=on
run until leader
request c1 put x=1
run until answered
run until settled
request n2 transfer
run until message VoteRequestAsTold within 100ms
run until note election-won within 100ms
request c1 get x
run until answered within 1s
expect "a lease read sees the latest write" holds
expect "an old leader steps down" seen
expect trace e91b796e234c7152
