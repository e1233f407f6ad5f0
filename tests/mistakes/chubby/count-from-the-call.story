lab chubby seed=5 replicas=1 clients=2
rule count-from-the-call off
run until note asked-again
pause c2
run until note work-begun
resume c2
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
