lab load-balancer seed=1 policy=consistent-hashing servers=2
rule walk-past-who-is-out off
partition s2 | b1 s1
run until violated a-server-that-is-out-gets-no-request
expect a-server-that-is-out-gets-no-request violated
