lab raft seed=835 nodes=2 clients=2 rate=39
rule answer-when-committed off
run until violated clients-linearizable
expect clients-linearizable violated
