lab raft seed=4 nodes=3 latency_min=56ms latency_max=98ms
rule remove-what-conflicts off
run until violated log-matching
expect log-matching violated
