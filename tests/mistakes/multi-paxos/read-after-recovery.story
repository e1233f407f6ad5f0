lab multi-paxos seed=9 nodes=3 clients=4
rule read-after-recovery off
partition n3 | n1 n2
run 18.2s
partition n2 | n1 n3
run until violated clients-linearizable
expect clients-linearizable violated
