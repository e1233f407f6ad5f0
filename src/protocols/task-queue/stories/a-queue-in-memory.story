lab task-queue seed=1 producers=1 workers=1 prefetch=1 qos=1 rate=0 poison_every=0
# A queue that is not durable answers as fast, and as sure of itself.
rule durable-queue off
request p1 send
request p1 send
request p1 send
run until accepted within 1s
run 50ms
expect p1 accepted 3
kill b1
run until violated no-accepted-task-is-lost within 1s
restart b1
expect b1 stored 0
expect trace 33aa51146936f612
