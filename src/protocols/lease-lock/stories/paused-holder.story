# Kleppmann's case. c1 looks at its clock: the lease is good. Then it sleeps, longer than the lease lasts.
# c2 gets the lock, and writes. c1 wakes up in the middle of its work, and writes, too: the older write
# lands on the newer one. The lease was correct all the time.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0
request c1 acquire
run until held
pause c1
mark "c1 sleeps"
run until note expired
request c2 acquire
run until note accepted-unseen
expect two-believers
run until writing r1
run 5ms
resume c1
mark "c1 wakes up"
run 20ms
expect an-older-write-lands seen
expect two-believe-to-hold-the-lock seen
expect r1 last-writer "c1"
expect "one grant at a time" holds
expect one-believer-at-a-time violated
expect trace 316cca3b33949d75
