# A clock that jumps is a fault, too, and no rule is left against it: by the clock of i3 the key is over.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
cut c1 i4
cut c1 i5
cut c2 i1
cut c2 i2
request c1 acquire
run until held
skew i3 500ms
request c2 acquire
run until two-believers within 100ms
expect one-believer-at-a-time violated
expect trace d7fdab6ca0909bae
