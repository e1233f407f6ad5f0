lab counter seed=1 clients=2 rate=0
# Each reads, and sets what it read plus one. Both read 0. Two were told that it is done, and one is there.
rule one-atomic-step off
request c1 add
request c2 add
run until note read
step
run until note read
mark "both read 0"
run until violated no-acknowledged-add-is-lost within 1s
expect s1 counts "count 1"
expect c1 acknowledged 1
expect c2 acknowledged 1
expect too-few
expect no-add-is-counted-twice holds
expect trace 7a28ed8bd0fcd792
