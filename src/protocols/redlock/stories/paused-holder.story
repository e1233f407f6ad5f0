# Kleppmann 2016, second example. c1 has a majority and falls asleep in the middle of its work. Everything
# expires; c2 gets the lock, and writes. c1 wakes up and writes, too: the older write lands on the newer one.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
request c1 acquire
run until held
pause c1
mark "c1 sleeps"
run 450ms
request c2 acquire
run until note accepted
expect two-believers
run until writing r1
run 5ms
resume c1
mark "c1 wakes up"
run 20ms
expect an-older-write-lands seen
expect r1 last-writer "c1"
expect "one grant at a time" holds
expect one-believer-at-a-time violated
expect trace 2771fdeb185736c5
