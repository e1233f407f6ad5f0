lab chubby seed=5 replicas=1 clients=2
rule count-from-the-call off
run until note read-there
pause c2
run until note file-written
resume c2
run until violated no-cache-is-read-stale
expect no-cache-is-read-stale violated
