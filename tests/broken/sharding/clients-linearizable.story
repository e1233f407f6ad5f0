lab sharding seed=5 shards=2 clients=2 rate=15
rule stop-writes-first off
request m1 move k00 to s2
run until violated clients-linearizable
expect clients-linearizable violated
