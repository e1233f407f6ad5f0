lab task-queue seed=2 producers=1 workers=1 dispatch=round-robin rate=9
rule look-at-the-delivery off
run until violated a-task-is-handed-to-one-worker-at-a-time
expect a-task-is-handed-to-one-worker-at-a-time violated
