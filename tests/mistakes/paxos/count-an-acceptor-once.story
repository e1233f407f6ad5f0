lab paxos seed=5 roles=together acceptors=3 retry=20ms disk_min=10ms
rule count-an-acceptor-once off
run until violated one-value-is-chosen
expect one-value-is-chosen violated
