lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# Acknowledged as it came in: the broker takes it off the queue, and then the worker dies over it.
rule acknowledge-after-the-work off
request p1 send
run until note done within 1s
kill w1
mark "nobody has it"
run until violated no-accepted-task-is-lost within 1s
expect settled
expect l1 effects 0
expect trace 803fc252758bdd13
