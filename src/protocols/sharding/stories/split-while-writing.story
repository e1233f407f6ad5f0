# Three clients write to one range while it is split by hand. Nothing is copied: both halves stay at s1, with epochs of their own, and nobody
# is sent anywhere.
lab sharding seed=1 clients=3 rate=60 hot=100% balance=off
run 200ms
request m1 split k02
run until note split
expect writing
run 500ms
expect a-range-is-split seen
expect a-client-is-redirected not-seen
expect no-acknowledged-write-is-lost holds
expect no-write-is-doubled holds
expect clients-linearizable holds
expect trace 8ea09866d849f322
