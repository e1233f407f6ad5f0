# c2 has the first map, by which k03 is at s1. Meanwhile k00-k07 goes to s2. c2 does not hear of it: it asks s1, is told that
# its table is stale, gets the map from the keeper, and asks s2. From then on it asks there at once.
lab sharding seed=1 rate=0 clients=2 balance=off
request c1 add k03=5
run until answered
request m1 move k03 to s2
run until note takes-over
run 100ms
expect stale
expect at-rest
request c2 add k03
run until note table-is-stale
run until note took-the-map
run until answered
expect c2 redirected "1"
expect a-client-is-redirected seen
request c2 get k03
run until answered
expect c2 redirected "1"
expect one-owner-a-key-at-a-time holds
expect no-acknowledged-write-is-lost holds
expect clients-linearizable holds
expect trace c2a2bf56c4f16a37
