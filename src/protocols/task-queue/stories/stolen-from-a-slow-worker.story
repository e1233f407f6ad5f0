lab task-queue seed=1 producers=1 workers=3 qos=1 rate=0 poison_every=0 dispatch=steal slow=4 visibility=2s
# The same six, but whoever has nothing to do asks the others. The task moves, and its timeout with it.
request p1 send
request p1 send
request p1 send
request p1 send
request p1 send
request p1 send
run until note stolen within 2s
mark "taken from w1"
run until settled within 3s
expect l1 works 6
expect l1 effects 6
expect a-task-is-handed-to-one-worker-at-a-time holds
expect trace d0e970007c7bb633
