lab chubby seed=5 replicas=3 clients=1 master_lease=60ms heartbeat=16.666ms
rule flush-on-fail-over off
run until note contents-told
kill n1
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
