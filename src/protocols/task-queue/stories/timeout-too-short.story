lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0 visibility=100ms work=200ms
# Each of three workers does the work, and none is acknowledged in time. The task ends with the dead letters, though it is done.
request p1 send
run until note timed-out within 1s
run until dead-letter within 2s
run 1s
expect l1 works 3
expect l1 effects 1
expect b1 dead 1
expect no-accepted-task-is-lost holds
expect trace 18d01ba626bceba9
