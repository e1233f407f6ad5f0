lab chubby seed=7 replicas=3 clients=1 lease=1.2s
rule flush-on-fail-over off
run until note releases
pause n2
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
