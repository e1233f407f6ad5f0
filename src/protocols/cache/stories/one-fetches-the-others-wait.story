lab cache seed=1 clients=8 rate=0
# The same eight. One is sent, the others wait a little and then find it.
request c1 get k1
request c2 get k1
request c3 get k1
request c4 get k1
request c5 get k1
request c6 get k1
request c7 get k1
request c8 get k1
run until note brought within 1s
run until answered within 2s
expect s1 reads 1
expect m1 misses 1
expect m1 hits 7
expect one-at-a-time-fetches-a-key holds
expect trace 29ba64d9abe9ccac
