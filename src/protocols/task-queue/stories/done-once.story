lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# The broker has it on its disk before it says so. A worker works, its work takes effect, and then it acknowledges.
request p1 send
run until note accepted within 1s
run until in-hand within 1s
mark "in hand"
run until note acknowledged within 2s
run until settled within 1s
expect l1 effects 1
expect l1 works 1
expect no-accepted-task-is-lost holds
expect trace 1f8471ad52c8db2c
