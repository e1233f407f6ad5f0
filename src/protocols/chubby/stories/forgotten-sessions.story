# The same crash, and the new master honours no session that it did not open. It ends them all at once,
# and c1's lock with them, though c1's lease was good for another second.
lab chubby seed=1 clients=2 rest=0ms hold=600ms writes=4 lease=2s grace=4.5s lock_delay=1s request_timeout=400ms
rule honour-old-sessions off
run until connected within 5s
request c1 lock
run until note work-begun within 2s
request c2 lock
run until waiting within 1s
run 100ms
kill n1
run until note sessions-forgotten within 3s
mark "the new master forgets whom it does not know"
run until violated a-session-within-its-lease-or-grace-keeps-its-lock within 2s
run until violated one-grant-at-a-time within 5s
run 1s
expect "a session within its lease or grace keeps its lock" violated
expect trace a304a25ec1fa232f
