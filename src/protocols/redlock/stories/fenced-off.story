# Kleppmann's second example again, and now the clients do what Redlock does not: before they believe,
# they have a majority keep a number higher than any that a majority knew. c1 sleeps, c2 asks later, so c2
# has the higher number, and the resource refuses what c1 writes when it wakes up.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms fencing=on
request c1 acquire
run until held
pause c1
mark "c1 sleeps, with number 1"
run 450ms
request c2 acquire
run until note accepted-number
expect two-believers
run until writing r1
run 5ms
resume c1
mark "c1 wakes up"
run until note write-refused within 100ms
run 20ms
expect r1 last-writer "c2"
expect "no older write is accepted" holds
expect an-older-write-lands not-seen
expect one-believer-at-a-time violated
expect trace 4c1492361d3175c1
