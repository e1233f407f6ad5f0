# The holder sleeps through the end of its session, as in a long garbage collection. When it goes on
# it still believes that it holds, and writes. The number that the lock gave it is too low by now.
lab lock-queue seed=1 clients=2 rest=0ms hold=600ms session_timeout=600ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
pause c1
run until two-believe within 2s
mark "two believe"
run until note write-taken within 2s
resume c1
run until note write-refused within 1s
mark "the resource knows better"
run until all-idle within 10s
expect "one believer at a time" violated
expect "one grant at a time" holds
expect "no older write is accepted" holds
expect trace 27dbbd469f080688
