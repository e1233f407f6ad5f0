lab multi-paxos seed=2 nodes=3 clients=2 rate=50 timeout_min=15ms timeout_max=100ms loss=40% client_timeout=40ms
rule fill-with-a-no-op off
run until violated what-is-chosen-was-proposed
expect what-is-chosen-was-proposed violated
