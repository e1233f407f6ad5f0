# k00 goes to s2. The keeper tells all shards, and that message to s1 is held; it goes on to s3, and then s2 gets the older map, late.
# Without the rule s2 believes it, and serves what it gave away.
lab sharding seed=1 rate=0 clients=1 balance=off
rule an-older-epoch-is-refused off
request m1 move k00 to s2
run until note came-about
run until message TableReply
request m1 move k00 to s3
run until note takes-over
run until violated one-owner-a-key-at-a-time
expect one-owner-a-key-at-a-time violated
