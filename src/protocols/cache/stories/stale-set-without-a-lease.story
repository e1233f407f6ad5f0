lab cache seed=1 clients=2 rate=0
# c1 misses, and reads the old value. Before it brings it, c2 writes and deletes. Then the old value comes, and stays.
rule lease-on-a-miss off
request c2 put k1=old
run until answered within 1s
request c1 get k1
run until message Value within 1s
hold Set c1>m1 #1
mark "c1 has the old value in hand"
request c2 put k1=new
run until note nothing-to-delete within 1s
run until note acknowledged within 1s
mark "the new one is acknowledged, the cache is empty"
release Set c1>m1 #1
run until violated the-cache-keeps-nothing-older-than-an-acknowledged-write within 1s
request c2 get k1
run until note hit within 1s
run 50ms
expect c2 read old
expect trace c7f893a5b9148e25
