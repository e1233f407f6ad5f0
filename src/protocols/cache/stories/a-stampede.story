lab cache seed=1 clients=8 rate=0
# A popular key was deleted, and eight clients want it at once. Each is sent to the store.
rule one-fill-at-a-time off
request c1 get k1
request c2 get k1
request c3 get k1
request c4 get k1
request c5 get k1
request c6 get k1
request c7 get k1
request c8 get k1
run until violated one-at-a-time-fetches-a-key within 1s
run until herd within 1s
mark "the herd is at the store"
run until answered within 2s
expect s1 reads 8
expect trace 9d370a5182d34370
