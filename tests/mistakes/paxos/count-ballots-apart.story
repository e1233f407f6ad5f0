lab paxos seed=1 roles=together acceptors=2
rule count-ballots-apart off
run until violated what-is-learned-is-chosen
expect what-is-learned-is-chosen violated
