# The same numbers, and the resource does not look at them: the older write lands on the newer one. A
# number is worth what its reader makes of it.
lab redlock seed=1 rate=0 clients=2 latency_max=10ms timeout=60ms work=90ms fencing=on
rule check-the-number off
request c1 acquire
run until held
pause c1
run 450ms
request c2 acquire
run until note accepted-number
run until writing r1
run 5ms
resume c1
run until violated no-older-write-is-accepted within 100ms
expect "no older write is accepted" violated
expect "one believer at a time" violated
expect trace 7de9c9ef1031ea83
