lab raft
skew n1 -3600s
drift n1 -500000ppm
drift n2 500000ppm
run 3s
skew n1 3600s
drift n1 500000ppm
run 3s
skew n1 0ms
drift n2 -500000ppm
run 3s
skew n2 -3600s
run 3s
