lab load-balancer seed=1 policy=least-connections rate=17 service=200ms timeout=2s
# s1 has been away. It is empty, and so it has the fewest; and it is cold. Its share grows slowly all the same.
run 5s
kill s1
run until one-is-out within 10s
run 5s
restart s1
run until note taken-in within 10s
run 12s
expect a-server-that-comes-back-gets-a-growing-share holds
expect trace eeecab788ac150d7
