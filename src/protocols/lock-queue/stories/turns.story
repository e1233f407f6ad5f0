# c1 holds, c2 watches c1's node, c3 watches c2's. Each release wakes the next one, and nobody else.
lab lock-queue seed=1 rest=0ms hold=300ms session_timeout=800ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
request c3 lock
run 150ms
mark "three in line"
expect c1 state holder
expect c2 watches 1
expect c3 watches 2
run until note released within 2s
run 100ms
mark "the queue moved on"
expect c2 state holder
expect c3 state waiter
run until all-idle within 5s
expect c3 done 1
expect "a lock changes hands" seen
expect "first come first served" holds
expect "one event wakes at most one client" holds
expect "one believer at a time" holds
expect trace 5adbcc9089547c6d
