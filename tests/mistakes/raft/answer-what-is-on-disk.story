lab raft seed=2 nodes=3 clients=0 disk_max=90ms
rule answer-what-is-on-disk off
cut n3 > n2
run until note matched
kill n1
restart n1
run until violated leader-completeness
expect leader-completeness violated
