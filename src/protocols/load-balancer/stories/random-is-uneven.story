lab load-balancer seed=1 policy=random servers=8 rate=32 service=200ms timeout=2s
# Eight servers, each at work for eight tenths of the time. Drawn at random, some have a long line while others are idle.
run until queue within 60s
mark "a line here, and nothing to do there"
run 20s
expect a-queue-builds-up seen
expect a-healthy-idle-server-is-not-passed-over-for-ever holds
expect trace 1867557948ab578b
