# The store answers before its replica has the lock, as Redis does. It dies at once, the replica takes over,
# and knows of no lock: c2 gets it, too. No clock is wrong and nobody sleeps.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0 replica=on
rule wait-for-the-replica off
cut s1 s2
request c1 acquire
run until held
kill s1
heal
request s2 take-over
request c2 acquire
run until violated one-grant-at-a-time
run 10ms
expect two-believers
expect one-grant-at-a-time violated
expect one-believer-at-a-time violated
expect trace ed1c80cf852f727f
