lab cache seed=1 clients=2 rate=0
# c1 finds nothing, fetches the key from the store and brings it. c2 finds it.
request c1 put k1=red
run until answered within 1s
request c1 get k1
run until note brought within 1s
mark "on the shelf"
run until answered within 1s
request c2 get k1
run until note hit within 1s
run until answered within 1s
expect m1 hits 1
expect m1 misses 1
expect s1 reads 1
expect c2 read red
expect trace ac95b27db11a76f2
