# The writes carry numbers, and the resource does not look at them: the late one lands on the newer one.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0 fencing=on
rule check-the-number off
request c1 acquire
run until note wrote
hold WriteRequest c1>r1 #1
run until note lease-over
request c2 acquire
run until writing r1
run 5ms
release WriteRequest c1>r1 #1
run until violated no-older-write-is-accepted within 50ms
expect no-older-write-is-accepted violated
expect r1 last-writer "c1"
expect trace ccb9bdd60268ea25
