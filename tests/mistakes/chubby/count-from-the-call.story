lab chubby seed=8 replicas=1 clients=2 latency_max=42ms loss=8.5291%
rule count-from-the-call off
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
