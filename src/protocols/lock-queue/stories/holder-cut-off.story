# The holder cannot reach the service. It counts from its last heartbeat that was answered, and so
# stops believing before the service ends its session and grants the lock to another.
lab lock-queue seed=1 clients=2 rest=0ms hold=1s session_timeout=600ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
partition c1 | n1 n2 n3
run until note cut-off within 1s
expect not held
mark "c1 believes nothing, and the service does not know yet"
run until note session-over within 1s
run until held within 1s
expect c2 state holder
run 300ms
heal
run until note session-lost within 2s
run until all-idle within 10s
expect c1 done 1
expect "one believer at a time" holds
expect "one grant at a time" holds
expect trace c865b6e31aa5a287
