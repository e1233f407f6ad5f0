lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# What was accepted is on its disk, and so is in whose hands it is: when it comes up again, w1 has its time.
request p1 send
run until note begun within 1s
kill b1
run 100ms
restart b1
expect in-hand
run until settled within 2s
expect l1 works 1
expect no-accepted-task-is-lost holds
expect a-task-is-handed-to-one-worker-at-a-time holds
expect trace ad126db61af72879
