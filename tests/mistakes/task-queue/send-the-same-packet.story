lab task-queue seed=8 producers=1 workers=1 qos=2 loss=2.8771%
rule send-the-same-packet off
run until violated a-task-sent-at-quality-2-is-stored-once
expect a-task-sent-at-quality-2-is-stored-once violated
