lab cache seed=1 clients=3 rate=0 lease=100ms timeout=5s
# c2 was sent to the store, and its question is held up; c3 is sent instead, and brings the old value. Then c1 writes, and
# its delete does not come through. c2 reads the new value from the store, and c3, later, the old one from the cache.
request c1 put k1=old
run until answered within 1s
request c2 get k1
run until message Miss within 1s
run until message Miss within 1s
run 1ms
hold Read c2>s1 #1
run 150ms
request c3 get k1
run until note brought within 1s
run 20ms
cut c1 > m1
request c1 put k1=new
run until note writes within 1s
run 30ms
mark "the store has the new value, the cache the old one"
release Read c2>s1 #1
run until note has-read within 1s
expect c2 read new
request c3 get k1
run until note hit within 1s
run until note has-read within 1s
expect c3 read old
expect a-later-read-is-older seen
heal
run until answered within 10s
request c3 get k1
run until answered within 1s
expect c3 read new
expect the-cache-keeps-nothing-older-than-an-acknowledged-write holds
expect trace b478a8621d92700a
