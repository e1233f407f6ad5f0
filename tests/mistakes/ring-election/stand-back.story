lab ring-election seed=3 nodes=3
rule stand-back off
kill n1
run until message Ack
restart n1
run until violated one-leader
expect one-leader violated
