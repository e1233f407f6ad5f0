lab raft rate=0
latency 3600s
slow-disk n1 3600s
skew n1 3600s
skew n2 -3600s
step 2000
run 3600s
calm
run 1s
