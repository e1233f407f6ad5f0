lab load-balancer seed=1 policy=two-choices view=reports balancers=2 servers=8 rate=24 service_times=fixed service=200ms timeout=2s
# The same requests, and news just as old. Only two servers are looked at for each request, so the herd is scattered.
run 30s
expect c1 retried 0
expect c1 failed 0
expect trace 27135b6de1f6cbb0
