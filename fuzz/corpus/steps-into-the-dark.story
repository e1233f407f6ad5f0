lab raft rate=0
kill n1
kill n2
kill n3
kill n4
kill n5
step 10000000
step 10000000
run 3600s
