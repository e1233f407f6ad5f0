lab raft seed=4 nodes=3 check_quorum=on
rule follow-no-further-than-agreed off
run until note quorum-heard
partition n1 | n2 n3
run until note client-done
partition n3 | n1 n2
run until violated state-machine-safety
expect state-machine-safety violated
