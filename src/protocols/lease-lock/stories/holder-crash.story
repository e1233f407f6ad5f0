# The holder dies, and nobody tells the store. The lease runs out by itself, and the next one gets the lock.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0
request c1 acquire
run until held
kill c1
request c2 acquire
run until note waits
run until note expired within 600ms
run until held within 200ms
expect c2 believes "yes"
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace 85aa514526fa0ffc
