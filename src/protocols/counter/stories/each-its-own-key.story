lab counter seed=1 clients=3 rate=0
# The article puts the thread's id into the key. Each add is atomic, no id is missing, nothing is lost on
# the way; only that there are three counters now.
rule one-shared-key off
request c1 add
request c2 add
request c3 add
run until answered within 1s
expect s1 counts "count-1 1 count-2 1 count-3 1"
expect no-acknowledged-add-is-lost violated
expect too-few
expect no-add-is-counted-twice holds
expect trace 2acb35ab636b22a7
