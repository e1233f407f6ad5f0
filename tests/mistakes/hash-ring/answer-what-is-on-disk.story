lab hash-ring seed=9 nodes=1 spares=0 clients=1
rule answer-what-is-on-disk off
run until note written
kill n1
restart n1
run until violated clients-linearizable
expect clients-linearizable violated
