# Somebody sets the clock of the store right: it jumps ahead by a second. By that clock the lease is over, and
# the store may grant again. c1 cannot know.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0
request c1 acquire
run until held
skew s1 1s
request c2 acquire
run until two-believers within 200ms
expect one-believer-at-a-time violated
expect "one grant at a time" holds
expect trace e83052094965ac74
