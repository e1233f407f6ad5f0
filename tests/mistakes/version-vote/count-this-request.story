lab version-vote seed=381 nodes=3 rate=20 latency_min=1ms latency_max=60ms
rule count-this-request off
run until violated clients-linearizable
expect clients-linearizable violated
