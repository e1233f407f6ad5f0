# Now and then the keeper tells all shards how the map is. One of these messages is late: meanwhile k00-k07 has gone from s1 to s2. Without
# the rule s1 believes the older map, and serves what it gave away.
lab sharding seed=1 rate=0 clients=1 balance=off
rule an-older-epoch-is-refused off
run 302ms
hold TableReply m1>s1 #2
request m1 move k00 to s2
run until note takes-over
release TableReply m1>s1 #2
run until violated one-owner-a-key-at-a-time
expect one-owner-a-key-at-a-time violated
expect no-acknowledged-write-is-lost holds
expect trace 687208e90a290d85
