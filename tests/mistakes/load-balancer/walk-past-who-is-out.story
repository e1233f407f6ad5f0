lab load-balancer seed=4 policy=consistent-hashing servers=2 probe=333.333ms latency_min=100ms latency_max=200ms
rule walk-past-who-is-out off
run until violated a-server-that-is-out-gets-no-request
expect a-server-that-is-out-gets-no-request violated
