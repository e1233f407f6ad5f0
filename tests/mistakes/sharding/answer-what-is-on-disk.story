lab sharding seed=2 shards=2 clients=1
rule answer-what-is-on-disk off
run until note added
kill s1
restart s1
run until violated no-acknowledged-write-is-lost
expect no-acknowledged-write-is-lost violated
