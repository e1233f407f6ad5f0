lab raft
storm every 1ms crash restart disk-lost loss duplication late-message partition pause clock-skew
run 400ms
storm every 3600s
run 1s
calm
calm
run 1s
