lab counter seed=1 clients=1 rate=0
# The store has added in memory, and its disk is still writing. It crashes: nothing is counted, and nobody was
# told that anything is. The client asks again.
request c1 add
run until writing s1
expect s1 counts "count 1"
kill s1
expect s1 disk counts ""
run 200ms
restart s1
run until answered within 1s
expect s1 counts "count 1"
expect exact
# Now it crashes when the write is done and the answer is under way. The retry is answered, and counted once.
request c1 add
run until writing s1
finish s1
kill s1
drop Reply s1>c1 #2
restart s1
run until note answered-again within 1s
run until answered within 1s
expect s1 counts "count 2"
expect exact
expect no-add-is-counted-twice holds
expect trace 93cc72a3c6688b5a
