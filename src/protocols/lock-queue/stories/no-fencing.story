# The same, and the resource looks at no numbers: the write of c1, three seconds late, lands on top of that
# of c2, though nobody was wrong about the lock at any time.
lab lock-queue seed=1 clients=2 rest=0ms hold=200ms session_timeout=600ms request_timeout=300ms
rule check-the-number off
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
run until violated no-older-write-is-accepted within 4s
expect "no older write is accepted" violated
expect "one believer at a time" holds
expect trace e3ff602563b00aef
