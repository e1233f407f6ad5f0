lab raft seed=6 nodes=3 clients=2 timeout_min=15ms
rule match-only-what-was-answered off
run until violated leader-completeness
expect leader-completeness violated
