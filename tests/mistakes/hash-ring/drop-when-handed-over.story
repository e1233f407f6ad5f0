lab hash-ring seed=3 nodes=2 spares=0 replicas=1 clients=1
rule drop-when-handed-over off
run 1.5s
request n2 leave
run until violated clients-linearizable
expect clients-linearizable violated
