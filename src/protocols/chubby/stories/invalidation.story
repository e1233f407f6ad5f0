# Everybody has a copy of the file. c1 gets the lock and writes its name into the file; c3 is cut off,
# and does not hear that its copy is old. So the write waits: until c3's session is over at the master,
# and by then c3 has emptied its cache by its own clock.
lab chubby seed=1 clients=3 rest=0ms hold=150ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
run until all-cached within 2s
partition c3 | n1 n2 n3 n4 n5
request c1 lock
run until note invalidates within 2s
mark "c1's write waits for three caches"
run 300ms
expect c1 state holder
expect c3 cache 0
run until jeopardy within 2s
mark "c3 has emptied its cache"
run until note all-invalidated within 2s
run until note file-written within 2s
heal
run until all-idle within 10s
expect "no cache is read stale" holds
expect trace 18346a6c9f7f8002
