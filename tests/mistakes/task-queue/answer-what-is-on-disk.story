lab task-queue seed=2 producers=1 workers=1 qos=1
rule answer-what-is-on-disk off
run until writing b1
kill b1
run until violated no-accepted-task-is-lost
expect no-accepted-task-is-lost violated
