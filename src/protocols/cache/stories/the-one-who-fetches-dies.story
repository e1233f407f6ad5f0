lab cache seed=1 clients=2 rate=0
# c1 was sent, and dies. c2 waits as long as the lease lasts, and is sent then.
request c1 get k1
run until message Miss within 1s
kill c1
request c2 get k1
run 500ms
mark "c2 waits for a dead one"
expect m1 misses 1
run until note brought within 2s
run until answered within 1s
expect m1 misses 2
expect one-at-a-time-fetches-a-key holds
expect trace 60f61c116768d8af
