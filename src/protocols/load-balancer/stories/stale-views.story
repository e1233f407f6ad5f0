lab load-balancer seed=1 policy=least-connections view=reports balancers=2 servers=8 rate=24 service_times=fixed service=200ms timeout=2s
# Both balancers go by what the servers told at the last probe, up to a second ago. Whoever looked best then gets everything
# until the next probe: a herd. Nobody is to blame, each chose the least.
run until queue within 20s
mark "a herd"
run 30s
expect a-queue-builds-up seen
expect a-request-is-tried-again seen
expect trace 3bb2ef0f536cfb97
