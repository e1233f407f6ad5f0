lab chubby seed=8 replicas=2 clients=2 lease=1.2s master_lease=66.666ms heartbeat=150ms latency_max=8ms
rule wait-for-every-session off
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
