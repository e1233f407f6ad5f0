# The same, and the master acknowledges the write at once; caches are told, but nobody waits for them.
# c3 goes on reading the old contents in its cache.
lab chubby seed=1 clients=3 rest=0ms hold=150ms lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
rule invalidate-first off
run until connected within 5s
run until all-cached within 2s
partition c3 | n1 n2 n3 n4 n5
request c1 lock
run until note invalidates-late within 2s
run until note file-written within 2s
mark "the write is acknowledged, and c3 knows nothing of it"
run until violated no-cache-is-read-stale within 2s
expect "one grant at a time" holds
expect trace 84579a893d4831d7
