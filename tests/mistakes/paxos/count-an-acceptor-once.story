lab paxos seed=3 roles=together acceptors=3 retry=20ms disk_max=39ms
rule count-an-acceptor-once off
run until violated one-value-is-chosen
expect one-value-is-chosen violated
