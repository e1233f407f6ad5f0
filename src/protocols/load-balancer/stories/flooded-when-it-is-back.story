lab load-balancer seed=1 policy=least-connections rate=17 service=200ms timeout=2s
# The same without a slow start: whoever is back has the fewest requests, so it gets them all. And it is cold.
rule slow-start off
run 5s
kill s1
run until one-is-out within 10s
run 5s
restart s1
run until note taken-in within 10s
run until violated a-server-that-comes-back-gets-a-growing-share within 10s
expect trace 583932691d735d41
