lab task-queue seed=1 producers=2 workers=1
rule answer-what-is-on-disk off
run until note handed-out
kill b1
run until violated no-accepted-task-is-lost
expect no-accepted-task-is-lost violated
