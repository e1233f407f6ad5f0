lab cache seed=1 eviction=lfu capacity=4 keys=30 clients=1 rate=0 ttl=0ms
# Yesterday everybody asked for k1 to k4. Today it is k11 to k14, in turn; and each has to go for the next, for yesterday’s
# are the more often used.
request c1 scan k1 k4
request c1 scan k1 k4
request c1 scan k1 k4
request c1 scan k1 k4
request c1 scan k1 k4
run until answered within 5s
mark "today"
request c1 scan k11 k14
request c1 scan k11 k14
request c1 scan k11 k14
run until answered within 5s
expect m1 hits 16
expect trace 1d439576db9d87d3
