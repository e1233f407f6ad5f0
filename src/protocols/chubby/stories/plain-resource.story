# A resource that was never changed to look at sequencers. c1's write is under way for 1.8 s, and c1
# loses its session meanwhile. The lock-delay of a second holds everybody else back until the write has
# landed: late, and harmless.
lab chubby seed=1 clients=2 rest=0ms resource=plain hold=50ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until note work-begun within 2s
partition c1 | n1 n2 n3 n4 n5
latency c1 > r1 1.8s
run until note writes within 2s
run until note lock-delayed within 4s
mark "c1's session is over, its write is under way, and the lock is free for nobody"
run until note accepted-unseen within 2s
mark "the late write lands before anybody else holds"
run until note lock-delay-over within 2s
heal
run until all-idle within 20s
expect "a write late by less than the delay does no harm" holds
expect "an older write lands" not-seen
expect trace f89a5c2fdefd3ae0
