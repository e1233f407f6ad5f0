lab counter seed=1 way=cas clients=3 rate=0
# All three read 0. One of them swaps 0 for 1; the others find that it is not 0 any more, and try with what
# they found. Nobody waits for anybody.
request c1 add
request c2 add
request c3 add
run until note swapped within 1s
run until note differs within 1s
mark "somebody was first"
run until answered within 1s
expect s1 counts "count 3"
expect exact
expect an-add-meets-another seen
expect no-acknowledged-add-is-lost holds
expect clients-linearizable holds
expect trace 2c048187997e8067
