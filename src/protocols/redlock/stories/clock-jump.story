# Kleppmann 2016, first example. c1 has i1, i2 and i3; i4 and i5 are out of its reach. The clock of i3 is
# set ahead, and its key is over. c2 gets i3, i4 and i5; i1 and i2 are out of its reach. Both hold the lock.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
rule no-clock-jumps off
cut c1 i4
cut c1 i5
cut c2 i1
cut c2 i2
request c1 acquire
run until held
request i3 set-ahead
request c2 acquire
run until two-believers within 100ms
expect one-grant-at-a-time violated
expect one-believer-at-a-time violated
expect trace c2ad724a33b1bb52
