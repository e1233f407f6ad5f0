lab raft seed=8 nodes=3
rule follow-no-further-than-agreed off
run until note request-appended
partition n1 | n2 n3
run until note client-retried
partition n3 | n1 n2
run until violated state-machine-safety
expect state-machine-safety violated
