lab raft seed=5 nodes=3 disk_min=60ms
rule answer-what-is-on-disk off
run until note client-done
kill n1
kill n2
restart n2
restart n1
run until violated leader-completeness
expect leader-completeness violated
