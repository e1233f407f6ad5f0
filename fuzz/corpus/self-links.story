lab raft
latency n1 n1 5ms
cut n2 n2
