# The target dies while it writes down that the range is its own. It has not said so, so the source has kept the data, and hands over
# again until it hears that it is taken. What had come is on the target's disk.
lab sharding seed=1 clients=3 rate=30 balance=off
run 300ms
request m1 move k00 to s2
run until note takes-over
kill s2
run 300ms
expect between-owners
restart s2
run until note takes-over
calm
run 2s
expect one-owner-a-key-at-a-time holds
expect no-acknowledged-write-is-lost holds
expect no-write-is-doubled holds
expect after-calm-moves-come-to-an-end holds
expect after-calm-every-key-is-served holds
expect trace f7e0a5d7a9958fe4
