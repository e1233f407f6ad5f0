lab cache seed=1 eviction=lru capacity=4 keys=30 clients=1 rate=0 ttl=0ms
# Four popular keys, each asked for three times. Then somebody reads twenty others once. What is left of the popular ones?
request c1 scan k1 k4
request c1 scan k1 k4
request c1 scan k1 k4
run until answered within 5s
expect m1 hits 8
mark "k1 to k4 are on the shelf"
request c1 scan k11 k30
run until answered within 10s
mark "after the scan"
request c1 scan k1 k4
run until answered within 5s
expect m1 hits 8
expect trace 3069fbca6d8258c4
