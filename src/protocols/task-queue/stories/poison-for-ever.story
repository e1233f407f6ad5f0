lab task-queue seed=1 producers=1 workers=1 prefetch=1 qos=1 rate=0
# It comes back to the place where it was: in front. With one worker nothing behind it is ever done.
rule dead-letters off
request p1 poison
request p1 send
run 5s
mark "still the first"
expect l1 effects 0
calm
run 91s
expect after-calm-every-accepted-task-is-done-or-dead violated
expect l1 effects 0
expect trace 7f712ec638f8883a
