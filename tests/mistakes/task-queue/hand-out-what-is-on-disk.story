lab task-queue seed=2 producers=1 workers=1
rule hand-out-what-is-on-disk off
step 9
kill b1
restart b1
run until violated a-task-is-handed-to-one-worker-at-a-time
expect a-task-is-handed-to-one-worker-at-a-time violated
