# Seed case. The article puts the thread's id into the key: each asks for a lock of its own, nobody ever
# contends, and all hold.
lab lease-lock seed=1 ttl=500ms clients=3 rate=0
rule one-key off
request c1 acquire
request c2 acquire
request c3 acquire
run until violated one-grant-at-a-time
run 20ms
expect c1 believes "yes"
expect c2 believes "yes"
expect c3 believes "yes"
expect one-grant-at-a-time violated
expect one-believer-at-a-time violated
expect trace 496962e9c35d1a75
