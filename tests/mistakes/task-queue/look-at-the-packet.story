lab task-queue seed=2 producers=1 workers=1 qos=2 timeout=50ms latency_max=30ms
rule look-at-the-packet off
run until violated a-task-sent-at-quality-2-is-stored-once
expect a-task-sent-at-quality-2-is-stored-once violated
