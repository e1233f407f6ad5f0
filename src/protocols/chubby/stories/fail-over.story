# The master crashes while c1 holds and c2 waits. Sessions and the lock are in the database, so the
# next master knows them; what it cannot know is who was told what, so it tells everybody that it is
# new, and serves nothing else until each has confirmed. c1 holds the whole time.
lab chubby seed=1 clients=3 rest=0ms hold=600ms writes=4 lease=2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until note work-begun within 2s
request c2 lock
run until waiting within 1s
run 100ms
expect n1 master yes
kill n1
mark "the master is dead"
run until note in-office within 3s
mark "a new master, which knows the sessions from the database"
run until note fail-over-seen within 3s
run until note epoch-changed within 3s
expect c1 state holder
restart n1
run until all-idle within 15s
expect "sessions survive a fail-over" seen
expect "a session within its lease or grace keeps its lock" holds
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace 2b16277664453108
