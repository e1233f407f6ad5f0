lab hash-ring seed=1 nodes=3 spares=0 clients=1
rule compare-with-all off
cut n2 > n1
run until note acknowledged
calm
run until violated after-calm-every-key-is-on-all-its-nodes
expect after-calm-every-key-is-on-all-its-nodes violated
