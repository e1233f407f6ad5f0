lab version-vote seed=8 nodes=2 clients=2 rate=3 loss=0.6636%
rule retry-under-its-version off
run until violated clients-linearizable
expect clients-linearizable violated
