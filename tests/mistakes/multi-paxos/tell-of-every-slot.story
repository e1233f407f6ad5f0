lab multi-paxos seed=623 nodes=3 rate=3 timeout_max=168.75ms loss=40%
rule tell-of-every-slot off
run until violated one-value-is-chosen-in-a-slot
expect one-value-is-chosen-in-a-slot violated
