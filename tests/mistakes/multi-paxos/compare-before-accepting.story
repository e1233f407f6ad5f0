lab multi-paxos seed=2 nodes=3
rule compare-before-accepting off
run until note client-done
partition n3 | n1 n2
run until note read-answered
partition n1 | n2 n3
run until violated one-value-is-chosen-in-a-slot
expect one-value-is-chosen-in-a-slot violated
