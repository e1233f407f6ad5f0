lab cache seed=1 clients=2 rate=0
# c2 deletes first and writes then. Between the two, c1 comes with a lease that nobody voids, and brings back the old value.
rule invalidate-after-the-write off
request c2 put k1=old
run until answered within 1s
request c2 put k1=new
run until message Deleted within 1s
hold Write c2>s1 #2
request c1 get k1
run until note brought within 1s
mark "the old value is back"
release Write c2>s1 #2
run until violated the-cache-keeps-nothing-older-than-an-acknowledged-write within 1s
expect behind
expect trace 17e1c40c35c34c30
