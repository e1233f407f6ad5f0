lab cache seed=1 mode=write-through clients=2 rate=0
# The cache passes the write on, and answers when the store has it. What is on its shelf it brings up to date.
request c1 put k1=old
run until answered within 1s
request c2 get k1
run until note fetched within 1s
run until answered within 1s
request c1 put k1=new
run until note writes within 1s
mark "the store has it, the cache not yet"
run until note written-through within 1s
run until answered within 1s
request c2 get k1
run until answered within 1s
expect c2 read new
expect m1 hits 1
expect clients-linearizable holds
expect trace 71d1613636810605
