lab hash-ring seed=7 nodes=3 spares=0 clients=1
rule compare-with-all off
partition n1 | n2 n3 m1
run until note acknowledged
calm
run until violated after-calm-every-key-is-on-all-its-nodes
expect after-calm-every-key-is-on-all-its-nodes violated
