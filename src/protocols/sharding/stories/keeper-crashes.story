# The keeper orders a move and dies. The shards finish it between them: who owns what is theirs to say. When the keeper is back it finds its
# order on its disk, sends it again, and learns that it has come about.
lab sharding seed=1 clients=3 rate=30 balance=off
run 300ms
request m1 move k00 to s2
run until note prepares
kill m1
run until note takes-over
run 300ms
expect no-acknowledged-write-is-lost holds
restart m1
run until note came-about
calm
run 2s
expect at-rest
expect after-calm-moves-come-to-an-end holds
expect after-calm-every-key-is-served holds
expect one-owner-a-key-at-a-time holds
expect trace fc0794c1ac57d952
