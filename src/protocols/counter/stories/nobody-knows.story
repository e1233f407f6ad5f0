lab counter seed=1 clients=2 rate=0
# c1 asks, and crashes before the answer. It never learns; the count may be 0 or 1, and is 1.
request c1 add
run until writing s1
kill c1
request c2 add
run 1s
restart c1
run 1s
expect s1 counts "count 2"
expect not exact
expect c1 asked 1
expect c1 acknowledged 0
expect no-acknowledged-add-is-lost holds
expect no-add-is-counted-twice holds
expect trace 5d412e774f85da8e
