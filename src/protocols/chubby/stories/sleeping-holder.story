# The holder sleeps. Its session ends, c2 gets the lock, works and writes. When c1 wakes, its work goes on
# where it was, and writes, before anybody looks at a clock: two believe to hold. No lease can prevent
# that. The sequencer tells the two writes apart.
lab chubby seed=1 clients=2 rest=0ms hold=600ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until note work-begun within 2s
request c2 lock
run until waiting within 1s
pause c1
run until note session-over within 4s
mark "c1's session is over, and c1 does not know"
run until two-believe within 3s
run until note accepted within 3s
mark "c2 holds, and has written"
resume c1
run until note refused within 1s
run until all-idle within 20s
expect "one believer at a time" violated
expect "no older write is accepted" holds
expect "one grant at a time" holds
expect trace 2207d822d02d9317
