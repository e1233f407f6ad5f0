lab task-queue seed=1 producers=1 qos=2 rate=0 poison_every=0
# MQTT counts on a transport that keeps the order. A copy of the PUBLISH that comes after the PUBCOMP finds no
# identifier any more, and is stored as a new task.
request p1 send
run until note published
run 1ms
run until note published
duplicate Publish p1>b1 #1
