# Three clients want the lock one after the other. Who gets it writes its name into the lock's file, and
# all read there who is in charge: from the master once, and then from their caches. Calls of waiters,
# and KeepAlives, stay at the master until there is something to say.
lab chubby seed=1 clients=3 rest=0ms hold=150ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until held within 1s
mark "c1 holds, and puts its name into the file"
request c2 lock
run until waiting within 1s
request c3 lock
run until all-idle within 10s
run 1s
expect "one grant at a time" holds
expect "one believer at a time" holds
expect "no cache is read stale" holds
expect "the lock changes hands" seen
expect c1 cache 3
expect trace 01aff9b53833331a
