# The same write, and the resource does not look at the sequencer that comes with it: the write of c1
# lands on top of the newer one of c2.
lab chubby seed=1 clients=2 rest=0ms hold=150ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
rule check-the-sequencer off
run until connected within 5s
request c1 lock
run until held within 1s
latency c1 > r1 6s
run until note writes within 2s
request c2 lock
partition c1 | n1 n2 n3 n4 n5
run until note accepted within 9s
mark "c2 has written, and c1's write is still under way"
run until violated no-older-write-is-accepted within 7s
expect "one believer at a time" holds
expect "one grant at a time" holds
expect trace 7b0fe45be390edd4
