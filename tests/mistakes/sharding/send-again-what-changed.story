lab sharding seed=9 shards=2 clients=1 rate=85
rule send-again-what-changed off
run until violated no-acknowledged-write-is-lost
expect no-acknowledged-write-is-lost violated
