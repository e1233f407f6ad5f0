lab counter seed=5 way=g-counter clients=1 replicas=2
rule merge-by-the-greater off
run until violated no-add-is-counted-twice
expect no-add-is-counted-twice violated
