lab cache seed=1 mode=write-through keys=1 clients=2
rule know-a-retry off
loss 10%
run until violated clients-linearizable
expect clients-linearizable violated
