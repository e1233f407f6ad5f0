# Seed case. The article sends an absolute deadline, counted by the client's clock. That of c1 is 450 ms
# behind: what it takes for half a second is 50 ms for the store.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0
rule own-clock off
skew c1 -450ms
run 500ms
request c1 acquire
run until held
run until note expired within 100ms
request c2 acquire
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
run 10ms
expect two-believers
expect one-believer-at-a-time violated
expect trace 51c925d62335164d
