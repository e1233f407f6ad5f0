lab load-balancer seed=1 service=100ms service_times=fixed rate=16 timeout=2s
# s1 is five times slower than the others, and nobody looks. A quarter of the requests go there, more than it can do.
request s1 slow 5
run until queue within 30s
run until note expired within 60s
mark "nobody waits for it any more"
run 20s
expect a-request-is-tried-again seen
expect c1 rate 16
expect trace f5b8bc52e77f9182
