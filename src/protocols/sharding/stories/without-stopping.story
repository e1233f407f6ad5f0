# The disk of s2 is slow, so there is time. All of the range is sent, and the target is asked whether it has it. Without the rule s1 goes on taking writes meanwhile: c1 is told that
# its write is done, and the copy that takes over does not have it.
lab sharding seed=1 rate=0 clients=2 balance=off
rule stop-writes-first off
request c1 add k00
run until answered
slow-disk s2 40ms
request m1 move k00 to s2
run until note goes-on-writing
request c1 add k00
run until violated no-acknowledged-write-is-lost
expect no-acknowledged-write-is-lost violated
expect one-owner-a-key-at-a-time holds
expect trace 87c1f8b9a4bb8732
