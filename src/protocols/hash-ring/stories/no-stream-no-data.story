lab hash-ring seed=1 rate=0 replicas=1
# The rule is off: the new server says that it has its keys, and has fetched none. Those who had them drop them. What
# was acknowledged is gone, and the read after it finds nothing.
run 100ms
