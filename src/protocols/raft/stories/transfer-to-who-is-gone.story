# The successor sleeps. For an election timeout no request is taken; then the old leader goes on.
lab raft seed=7 rate=0
run until leader
run until settled
pause n1
request c1 put x=1
run until answered
request n5 transfer to n1
request c1 put x=2
run until note request-held
mark "n1 lacks an entry, so it is not told; c1 has to wait"
run until note transfer-given-up within 1s
run until answered within 2s
resume n1
run 300ms
expect n5 role leader
expect "clients linearizable" holds
expect trace 2bfd1dcb7f5bec6f
