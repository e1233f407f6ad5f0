lab raft seed=1 nodes=3 clients=0 timeout_min=15ms heartbeat=5ms batch=1
rule keep-what-agrees off
run until violated committed-entries-stay
expect committed-entries-stay violated
