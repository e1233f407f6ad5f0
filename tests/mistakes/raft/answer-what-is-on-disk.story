lab raft seed=2 nodes=3 clients=0
rule answer-what-is-on-disk off
cut n3 > n2
run until note entries-appended
kill n1
restart n1
run until violated leader-completeness
expect leader-completeness violated
