lab multi-paxos seed=7 nodes=2 clients=4 loss=40%
rule answer-when-applied off
run until violated clients-linearizable
expect clients-linearizable violated
