# The leading server and the holder are behind a wall, alone together. The server hears the heartbeats of
# c1, but no majority says that it still leads, so it answers none; c1 stops believing in time. Beyond
# the wall another server leads, ends the session, and c2 holds.
lab lock-queue seed=1 clients=2 rest=0ms hold=1s session_timeout=800ms request_timeout=300ms
run until connected within 5s
request c1 lock
run until held within 1s
request c2 lock
run until waiting within 1s
run 50ms
expect n1 role leader
partition n1 c1 | n2 n3 c2
run until note sessions-renewed within 2s
mark "two lead, of different terms"
expect n1 role leader
run until note session-over within 3s
expect c1 cut-off yes
run until held within 1s
expect c2 state holder
heal
run until all-idle within 10s
expect "one believer at a time" holds
expect "one grant at a time" holds
expect trace 8b68bceb654e230f
