lab multi-paxos seed=8 nodes=3 timeout_min=15ms timeout_max=900ms heartbeat=150ms loss=40% client_timeout=40ms
rule chosen-in-this-ballot off
run until violated one-value-is-chosen-in-a-slot
expect one-value-is-chosen-in-a-slot violated
