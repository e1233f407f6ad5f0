lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# The worker is not dead: it sleeps longer than the timeout. Both do the work, and the ledger counts one of them.
request p1 send
run until note worked within 2s
pause w1
run until note took-effect within 1s
mark "it has taken effect, and w1 sleeps"
run until note timed-out within 2s
run until note done-before within 2s
resume w1
run until note ack-too-late within 1s
expect worked-on-twice
expect l1 works 2
expect l1 effects 1
expect a-task-is-worked-on-twice seen
expect no-task-takes-effect-twice holds
expect trace ae3c39ead1300333
