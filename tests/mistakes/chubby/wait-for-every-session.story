lab chubby seed=1 replicas=2 clients=2 lease=1.2s master_lease=60ms heartbeat=150ms
rule wait-for-every-session off
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
