# The source crashes while it copies: it had not let go, so it is still the owner, and copies anew. It crashes once more when it has let go
# and the hand-over is lost with it: that is on its disk, so it does not serve, and hands over again.
lab sharding seed=1 clients=3 rate=30 balance=off
run 300ms
request m1 move k00 to s2
run until note copies
run 25ms
kill s1
run 200ms
restart s1
run until note resumes
run until note releases
cut s1 s2
run 10ms
kill s1
run 200ms
heal
restart s1
expect between-owners
run until note takes-over
run 500ms
calm
run 2s
expect a-piece-changes-its-owner seen
expect one-owner-a-key-at-a-time holds
expect no-acknowledged-write-is-lost holds
expect no-write-is-doubled holds
expect clients-linearizable holds
expect after-calm-moves-come-to-an-end holds
expect after-calm-every-key-is-served holds
expect trace ee527077a530f0b3
