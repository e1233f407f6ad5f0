# c1 writes while it holds, and the write is under way for three seconds. Meanwhile c1 is cut off, and
# its session ends; c2 holds and writes. Nobody was wrong about the lock at any time, and still an
# older write comes after a newer one. Only the resource can notice, by the number.
lab lock-queue seed=1 clients=2 rest=0ms hold=200ms session_timeout=600ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
latency c1 > r1 3s
run until note writes within 1s
partition c1 | n1 n2 n3
run until note write-taken within 2s
mark "c2 has written, and c1's write is still under way"
run until note write-refused within 4s
expect "no older write is accepted" holds
expect "one believer at a time" holds
expect trace 1527d0fa34dfcf5a
