lab raft
latency 3600s tail 3600s
run 10s
step 300
storm every 1ms late-message
run 1s
calm
run 1s
