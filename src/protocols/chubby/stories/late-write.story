# c1 writes while it holds, and the write is under way for six seconds. Meanwhile c1 is cut off from the
# cell: its session ends, the lock-delay passes, c2 holds and writes. The write of c1 comes later than
# any lock-delay can wait. Its sequencer says so, and the resource refuses it.
lab chubby seed=1 clients=2 rest=0ms hold=150ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until held within 1s
latency c1 > r1 6s
run until note writes within 2s
request c2 lock
partition c1 | n1 n2 n3 n4 n5
run until note lock-delayed within 4s
mark "c1's session is over: nobody gets the lock for a while"
run until note accepted within 5s
mark "c2 has written, and c1's write is still under way"
run until note refused within 7s
heal
run until all-idle within 20s
expect "no older write is accepted" holds
expect "one believer at a time" holds
expect trace a04984e1b0e71329
