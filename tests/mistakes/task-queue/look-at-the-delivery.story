lab task-queue seed=9 producers=1 workers=1 dispatch=round-robin tries=4 latency_max=30ms
rule look-at-the-delivery off
run until violated a-task-is-handed-to-one-worker-at-a-time
expect a-task-is-handed-to-one-worker-at-a-time violated
