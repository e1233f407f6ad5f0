# The clock of c1 runs at half its speed: it believes in its lease twice as long as the store does.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0 work=300ms
drift c1 -500000ppm
request c1 acquire
run until held
run until note expired
expect c1 believes "yes"
request c2 acquire
run until two-believers within 200ms
expect one-believer-at-a-time violated
expect "one grant at a time" holds
expect trace 34c19b3853176a5d
