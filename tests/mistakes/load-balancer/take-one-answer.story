lab load-balancer seed=2 servers=1
rule take-one-answer off
run until violated a-request-is-answered-at-most-once
expect a-request-is-answered-at-most-once violated
