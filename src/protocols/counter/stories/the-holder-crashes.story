lab counter seed=1 way=lock clients=2 rate=0
# The lock has no time to live: while its holder is down nobody else gets it. When it comes up again it gives
# back what it may have. Its own add was never acknowledged, and is not counted.
request c1 add
run until note granted within 1s
kill c1
request c2 add
run 5s
mark "c2 waits for the dead"
expect c2 acknowledged 0
restart c1
run until note gives-back
run until answered within 2s
expect c2 acknowledged 1
expect s1 counts "count 1"
expect no-acknowledged-add-is-lost holds
expect no-add-is-counted-twice holds
expect trace 2c2ae0a3501cebc5
