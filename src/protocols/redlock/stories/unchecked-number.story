# The writes carry numbers, and the resource does not look at them: the late one lands on the newer one. A
# number is worth what its reader makes of it.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms fencing=on
rule check-the-number off
request c1 acquire
run until note wrote
hold WriteRequest c1>r1 #1
run until note over
request c2 acquire
run until writing r1
run 5ms
release WriteRequest c1>r1 #1
run until violated no-older-write-is-accepted within 100ms
expect "no older write is accepted" violated
expect "one believer at a time" holds
expect trace 44a049e4c5984e00
