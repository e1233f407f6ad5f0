# Outside the promise: s1 loses its disk. It comes up with the first map and without data, and serves what it gave away. Against a lost disk
# only copies help; a shard of a real system is a group of them.
lab sharding seed=1 rate=0 clients=2 balance=off
request c1 add k00
run until answered
wipe s1
restart s1
run until violated no-acknowledged-write-is-lost
expect no-acknowledged-write-is-lost violated
expect trace 7894dc9c93e78e41
