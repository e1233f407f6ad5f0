# The same with leases that are counted by a clock that nobody sets: c2 is refused by i3, and has no majority.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
cut c1 i4
cut c1 i5
cut c2 i1
cut c2 i2
request c1 acquire
run until held
request i3 set-ahead
request c2 acquire
run until note no-majority
run 300ms
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace d539695fe07836f0
