# The holder is cut off and goes on as if nothing were. The service hears nothing of it, ends its
# session, and grants the lock to c2. Now two believe.
lab lock-queue seed=1 clients=2 rest=0ms hold=1s session_timeout=600ms request_timeout=300ms
rule stop-when-cut-off off
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
partition c1 | n1 n2 n3
run until violated one-believer-at-a-time within 3s
expect two-believe
expect "one believer at a time" violated
expect "one grant at a time" holds
expect trace ad870fee65a60449
