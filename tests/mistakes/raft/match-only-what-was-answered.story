lab raft seed=1 nodes=3 latency_min=56ms noop=off
rule match-only-what-was-answered off
run until note applied
partition n1 | n2 n3
run until violated leader-completeness
expect leader-completeness violated
