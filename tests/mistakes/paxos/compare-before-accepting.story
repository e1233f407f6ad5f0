lab paxos seed=9 acceptors=1
rule compare-before-accepting off
run until violated one-value-is-chosen
expect one-value-is-chosen violated
