lab sharding seed=7 shards=2 clients=1
rule release-on-disk-first off
request m1 move k00 to s2
run until note releases
kill s1
restart s1
run until violated one-owner-a-key-at-a-time
expect one-owner-a-key-at-a-time violated
