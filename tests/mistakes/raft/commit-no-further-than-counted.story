lab raft seed=4 nodes=3 clients=2 rate=5
rule commit-no-further-than-counted off
run until note client-done
partition n1 | n2 n3
run until violated leader-completeness
expect leader-completeness violated
