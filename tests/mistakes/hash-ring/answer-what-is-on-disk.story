lab hash-ring seed=2 hash=sha1 nodes=3 spares=0 points=1 replicas=1 keys=3 clients=1 latency_max=8ms disk_max=1ms
rule answer-what-is-on-disk off
run 1794.849ms
kill n3
restart n3
run until violated clients-linearizable
expect clients-linearizable violated
