lab paxos seed=1 roles=together acceptors=1
rule nothing-is-no-value off
run until violated the-chosen-value-was-proposed
expect the-chosen-value-was-proposed violated
