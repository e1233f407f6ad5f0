lab hash-ring seed=5 nodes=2 spares=0 replicas=1 clients=1
rule drop-when-handed-over off
run until note same
request m1 remove n1
run until violated clients-linearizable
expect clients-linearizable violated
