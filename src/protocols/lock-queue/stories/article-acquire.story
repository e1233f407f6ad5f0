# The acquire of the article makes a sequential node and returns. Every node is made, so everybody
# has the lock.
lab lock-queue seed=1 rest=0ms hold=300ms session_timeout=800ms request_timeout=300ms
rule only-the-lowest-holds off
run until connected within 5s
request c1 lock
request c2 lock
request c3 lock
run until violated one-believer-at-a-time within 1s
run 50ms
mark "all hold"
expect c1 state holder
expect c2 state holder
expect c3 state holder
expect "one believer at a time" violated
expect "first come first served" violated
expect trace 437807a377e1529d
