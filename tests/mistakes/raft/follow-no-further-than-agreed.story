lab raft seed=1 nodes=3
rule follow-no-further-than-agreed off
run until note commit-followed
partition n1 | n2 n3
run until note read-answered
partition n3 | n1 n2
run until violated state-machine-safety
expect state-machine-safety violated
