lab raft seed=7 nodes=1 spare=1
rule answer-each-request-once off
run until violated clients-linearizable
expect clients-linearizable violated
