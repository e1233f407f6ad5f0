# The same, without the lock-delay: c2 holds as soon as c1's session is over, writes, and then the write
# of c1 lands on top of it.
lab chubby seed=1 clients=2 rest=0ms resource=plain hold=50ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
rule lock-delay off
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until note work-begun within 2s
partition c1 | n1 n2 n3 n4 n5
latency c1 > r1 1.8s
run until note writes within 2s
run until note no-lock-delay within 4s
mark "c1's session is over, and the lock is free at once"
run until violated a-write-late-by-less-than-the-delay-does-no-harm within 3s
expect "one believer at a time" holds
expect trace c9c4590212ac4d8a
