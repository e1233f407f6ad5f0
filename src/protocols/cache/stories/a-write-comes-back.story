lab cache seed=1 mode=write-back clients=2 rate=0 flush=1s
# The cache answers when the write is on its own disk. Three writes to one key, one to the store.
request c1 put k1=one
request c1 put k1=two
request c1 put k1=three
run until answered within 1s
mark "acknowledged, and the store knows nothing"
expect dirty
expect s1 writes 0
request c2 get k1
run until answered within 1s
expect c2 read three
run until note flushed within 2s
expect s1 writes 1
expect no-acknowledged-write-is-lost holds
expect trace a514f179ce7c0269
