lab raft seed=4 nodes=3 clients=0 timeout_min=15ms
rule remove-what-conflicts off
latency 0ms..70ms
run until violated log-matching
expect log-matching violated
