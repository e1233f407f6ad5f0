lab version-vote seed=9 nodes=2 clients=2
rule write-back-under-its-version off
run until violated clients-linearizable
expect clients-linearizable violated
