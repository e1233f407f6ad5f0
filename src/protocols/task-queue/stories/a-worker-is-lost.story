lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# The worker dies with the task in its hands. Nobody tells the broker; it is the timeout that brings the task back.
request p1 send
run until note begun within 1s
kill w1
mark "dead, with a task in hand"
run 500ms
expect in-hand
run until note timed-out within 2s
run until note took-effect within 2s
run until settled within 1s
expect l1 effects 1
expect l1 works 1
expect no-accepted-task-is-lost holds
expect trace 225cf15b325a5da2
