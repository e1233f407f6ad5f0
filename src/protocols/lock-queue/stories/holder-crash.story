# The holder crashes. Its node is ephemeral: it goes with the session, when the service has heard
# nothing for the whole timeout. Until then everybody waits for a dead client.
lab lock-queue seed=1 clients=2 rest=0ms hold=1s session_timeout=800ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
kill c1
run 400ms
expect c2 state waiter
mark "waiting for the dead"
run until note session-over within 2s
run until held within 1s
expect c2 state holder
restart c1
run until all-idle within 5s
expect "a session expires" seen
expect "one grant at a time" holds
expect "no older write is accepted" holds
expect trace 5d6746da5571b57b
