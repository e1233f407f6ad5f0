lab load-balancer seed=1 service=100ms service_times=fixed rate=16 policy=least-connections timeout=2s
# The same slow server and the same requests. Who has the fewest gets the next one: s1 is avoided by itself.
request s1 slow 5
run 60s
expect a-queue-builds-up not-seen
expect c1 failed 0
expect c1 retried 0
expect trace 60ab7f740c18fc65
