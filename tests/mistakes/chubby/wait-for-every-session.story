lab chubby seed=8 replicas=3 clients=2 read=25ms lease=900ms master_lease=60ms request_timeout=300ms latency_max=8ms disk_max=1ms
rule wait-for-every-session off
kill c1
run until note released
restart c1
kill n1
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
