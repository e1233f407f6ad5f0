lab raft seed=8 nodes=3 loss=26.3582%
rule match-only-what-was-answered off
run until violated leader-completeness
expect leader-completeness violated
