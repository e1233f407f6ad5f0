lab raft clients=2
run 1s
partition c1 | c2
partition c1 c2 | n1 n2 n3 n4 n5
kill c1
wipe c2
run 1s
calm
run 1s
