# The notification for c2 is lost, and its watch has fired: nobody would ever wake it. The answer to its
# next heartbeat says that no watch stands, and it looks again.
lab lock-queue seed=1 clients=2 rest=0ms hold=300ms session_timeout=800ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
run until note watch-fired within 2s
drop Notification n1>c2 #1
mark "the wake-up is lost"
run until note watch-lost within 1s
run until held within 1s
expect c2 state holder
run until all-idle within 2s
expect c2 done 1
expect trace cd8827802075ca60
