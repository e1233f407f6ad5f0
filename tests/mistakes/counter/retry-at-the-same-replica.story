lab counter seed=2 way=g-counter clients=1 replicas=2 latency_max=140ms
rule retry-at-the-same-replica off
run until violated no-add-is-counted-twice
expect no-add-is-counted-twice violated
