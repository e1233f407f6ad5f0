lab counter seed=2 way=pn-counter clients=1 replicas=2
rule tell-every-replica off
run until note acknowledged
calm
run until violated after-calm-the-replicas-agree
expect after-calm-the-replicas-agree violated
