# The only chunk is lost. With the rule the target says what it lacks and gets it again. Without it, it says that it is whole, and takes
# over a range in which k00 was never written.
lab sharding seed=1 rate=0 clients=2 balance=off
rule take-over-only-what-is-whole off
request c1 add k00
run until answered
request m1 move k00 to s2
run until note copies
drop Chunk s1>s2 #1
run until note does-not-look
run until violated no-acknowledged-write-is-lost
expect no-acknowledged-write-is-lost violated
expect one-owner-a-key-at-a-time holds
expect trace f2be56939a23adfe
