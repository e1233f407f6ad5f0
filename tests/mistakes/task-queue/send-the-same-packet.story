lab task-queue seed=5 workers=1 timeout=50ms latency_max=50ms
rule send-the-same-packet off
run until violated a-task-sent-at-quality-2-is-stored-once
expect a-task-sent-at-quality-2-is-stored-once violated
