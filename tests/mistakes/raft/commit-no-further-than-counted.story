lab raft seed=1 clients=2 rate=5 latency_max=42ms disk_max=9ms
rule commit-no-further-than-counted off
run 2.26s
partition n5 | n1 n2 n3 n4
run until violated leader-completeness
expect leader-completeness violated
