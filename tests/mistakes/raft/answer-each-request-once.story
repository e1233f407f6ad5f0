lab raft seed=7 nodes=2
rule answer-each-request-once off
run until violated clients-linearizable
expect clients-linearizable violated
