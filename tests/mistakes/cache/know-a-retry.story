lab cache seed=2 mode=write-through clients=2 rate=60 timeout=30ms
rule know-a-retry off
run until violated clients-linearizable
expect clients-linearizable violated
