# The leading server crashes while c1 holds and c2 waits. Sessions are replicated, so they live on;
# the time they have left is not, so the new leader gives each the whole of it again. The watch was
# in the old leader's memory: c2 hears from the next heartbeat that it is gone, and looks again.
lab lock-queue seed=1 clients=2 rest=0ms hold=1s session_timeout=2s request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
run 50ms
expect n1 role leader
kill n1
mark "nobody leads"
run until note sessions-renewed within 2s
run until note watch-lost within 2s
expect c1 state holder
run until all-idle within 10s
restart n1
run 500ms
expect "a session expires" not-seen
expect "one grant at a time" holds
expect "one believer at a time" holds
expect "a lock changes hands" seen
expect trace 3d83a8ad2125db1d
