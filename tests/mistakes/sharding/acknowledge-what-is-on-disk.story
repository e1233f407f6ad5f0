lab sharding seed=7 shards=2 clients=1
rule acknowledge-what-is-on-disk off
request m1 move k00 to s2
run until note takes-over
kill s2
calm
run until violated after-calm-every-key-is-served
expect after-calm-every-key-is-served violated
