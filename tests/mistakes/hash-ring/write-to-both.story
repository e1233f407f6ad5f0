lab hash-ring seed=7 hash=sha1 nodes=2 spares=0 replicas=1 keys=4 rate=15
rule write-to-both off
run 50ms
request n1 weight 4
run until violated clients-linearizable
expect clients-linearizable violated
