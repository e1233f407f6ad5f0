lab load-balancer seed=1 rate=6 service=200ms timeout=2s
# s2 dies. Three probes get no answer: until then a quarter of the requests go nowhere, and are asked again.
run 5s
kill s2
run until one-is-out within 10s
expect a-dead-server-is-taken-out seen
mark "out"
run 5s
expect no-request-goes-to-a-server-long-dead holds
restart s2
run until note taken-in within 10s
expect all-in
calm
run until answered within 10s
run 60s
expect after-calm-requests-are-answered-in-time holds
expect a-server-that-comes-back-gets-a-growing-share holds
expect trace c10d5048e730a3e0
