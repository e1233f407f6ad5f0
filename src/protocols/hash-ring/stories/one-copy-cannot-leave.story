lab hash-ring seed=1 rate=0 replicas=1
# One copy of each key, and n2 is dead. Nobody else has what n2 had: the change waits until it comes back, and is not
# carried out with the keys lost.
run 100ms
kill n2
request m1 remove n2
run until moving within 1s
run 5s
expect moving
mark "it waits for n2"
restart n2
run until settled within 5s
expect n2 keys 0
expect each-key-has-its-owners holds
expect trace c344b0109b48c58f
