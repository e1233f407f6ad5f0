lab paxos seed=1 roles=together acceptors=3
rule compare-what-is-heard off
run until violated one-value-is-chosen
expect one-value-is-chosen violated
