lab cache seed=1 clients=2 rate=0 ttl=2s
# c1 has written, and dies before it could delete. Nobody was told that the write is done; but the cache is behind the store
# until the time of the old value is over.
request c2 put k1=old
run until answered within 1s
request c2 get k1
run until note brought within 1s
request c1 put k1=new
run until note writes within 1s
kill c1
run 100ms
expect behind
mark "the store has the new value, the cache the old one"
request c2 get k1
run until answered within 1s
expect c2 read old
expect the-cache-keeps-nothing-older-than-an-acknowledged-write holds
run 2s
request c2 get k1
run until note expired within 1s
run until answered within 1s
expect c2 read new
expect trace d5890eb65b3f0b30
