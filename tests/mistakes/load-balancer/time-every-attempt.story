lab load-balancer seed=1 servers=1 requests=1
rule time-every-attempt off
request c1 send 13
calm
run until violated after-calm-every-request-comes-to-an-end within 91s
expect after-calm-every-request-comes-to-an-end violated
