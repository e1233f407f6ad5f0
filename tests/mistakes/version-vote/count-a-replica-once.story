lab version-vote seed=3 nodes=2 clients=1
rule count-a-replica-once off
duplication 30%
loss 60%
run until violated clients-linearizable
expect clients-linearizable violated
