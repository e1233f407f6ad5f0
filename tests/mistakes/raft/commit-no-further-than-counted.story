lab raft seed=8 nodes=3 latency_max=98ms noop=off batch=1 spare=1
rule commit-no-further-than-counted off
duplication 60%
cut n1 > n2
run until violated leader-completeness
expect leader-completeness violated
