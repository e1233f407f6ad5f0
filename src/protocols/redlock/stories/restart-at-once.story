# c1 has i1, i2 and i3. i3 crashes, forgets that, and is back at once: c2 gets i3, i4 and i5.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms
rule delayed-restart off
cut c1 i4
cut c1 i5
cut c2 i1
cut c2 i2
request c1 acquire
run until held
kill i3
restart i3
request c2 acquire
run until violated one-grant-at-a-time within 100ms
expect one-grant-at-a-time violated
run 15ms
expect two-believers
expect one-believer-at-a-time violated
expect trace 35f28d551d3998c1
