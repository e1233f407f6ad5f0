lab load-balancer seed=1 policy=consistent-hashing keys=1 rate=9 service=200ms timeout=2s
# All requests are about one key, and a key belongs to one server. The ring is perfect, and three servers have nothing to do.
run until one-has-all within 30s
mark "the ring does not know how hot a key is"
run 20s
expect one-has-all
expect trace 95f5cbff410f54cb
