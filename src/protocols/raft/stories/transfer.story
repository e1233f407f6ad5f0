# n5 is to be taken down for an hour. It hands its office to n1 first, and no election timeout passes.
lab raft seed=7 rate=0
run until leader
request c1 put x=1
run until answered
run until settled
expect n5 role leader
request n5 transfer to n1
run until note transfer-taken
mark "n1 does not wait for its timer"
run until note election-won within 100ms
expect n1 role leader
run 200ms
kill n5
request c1 put x=2
run until answered within 2s
expect n1 role leader
expect "leader completeness" holds
expect trace 962a44b3d5269dd0
