lab raft seed=218 nodes=4 timeout_max=900ms latency_min=24ms client_timeout=40ms
rule remove-what-conflicts off
cut n4 n1
run until violated log-matching
expect log-matching violated
