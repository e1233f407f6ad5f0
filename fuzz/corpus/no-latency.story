lab raft
latency 0ms
reorder on
run 2s
duplication 100%
run 1s
