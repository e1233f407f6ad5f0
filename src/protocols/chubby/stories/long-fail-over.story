# Three of five replicas are down for longer than a lease, so there is no master. Each client's lease
# runs out by its own clock: jeopardy. It empties its cache, believes nothing, and writes nothing; but it
# does not give its session up, for it has a grace period. Then two replicas come back: the new master
# gives every session a whole lease, for without a master no lease had run. Everybody is safe, and c1
# has its lock.
lab chubby seed=1 clients=2 rest=0ms hold=500ms writes=4 lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until note work-begun within 2s
kill n1
kill n2
kill n3
run until jeopardy within 3s
mark "jeopardy: the lease may be over, and nobody answers"
run 1s
expect c1 state jeopardy
expect not held
restart n2
restart n3
run until note in-office within 5s
mark "a master again"
run until note safe within 3s
run until held within 1s
expect c1 state holder
run until all-idle within 15s
expect "a session in jeopardy is safe again" seen
expect "a session within its lease or grace keeps its lock" holds
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace 720bcd09b1f97f5f
