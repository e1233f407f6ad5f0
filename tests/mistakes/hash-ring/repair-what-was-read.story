lab hash-ring seed=9 nodes=3 spares=0 keys=0 client_timeout=1s
rule repair-what-was-read off
loss n1 n2 20%
loss n3 n2 20%
run until violated clients-linearizable
expect clients-linearizable violated
