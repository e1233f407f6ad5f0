lab hash-ring seed=8 nodes=4 spares=0 keys=4 clients=1 rate=15
rule write-to-both off
partition n3 | n1 n2 n4 m1
request n1 leave
run 1.5s
partition n1 | n2 n3 n4 m1
run until violated clients-linearizable
expect clients-linearizable violated
