lab raft seed=6 nodes=3 clients=0 disk_max=90ms
rule answer-what-is-on-disk off
cut n3 > n2
run until note commit-followed
kill n1
restart n1
run until violated leader-completeness
expect leader-completeness violated
