lab paxos seed=411 roles=together acceptors=2 prepare_quorum=1 latency_max=28ms disk_max=30ms
rule count-this-ballot off
run until violated one-value-is-chosen
expect one-value-is-chosen violated
