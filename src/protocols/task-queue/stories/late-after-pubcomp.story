lab task-queue seed=1 producers=1 qos=2 rate=0 poison_every=0
# MQTT counts on a transport that keeps the order and doubles nothing. A copy of the PUBLISH that comes after the PUBCOMP
# finds no identifier any more, and is stored as a new task.
request p1 send
run 3500us
duplicate Publish p1>b1 #1
hold Publish p1>b1 #1.1
run until note completed within 1s
mark "all four packets are through"
release Publish p1>b1 #1.1
run until note stored within 1s
run 10ms
expect b1 stored 2
expect a-task-is-stored-twice seen
# What is promised is promised on a transport that keeps the order; here a later packet came first.
expect a-task-sent-at-quality-2-is-stored-once holds
run until settled within 2s
expect l1 works 2
expect l1 effects 1
expect trace 55a8a2614a72db96
