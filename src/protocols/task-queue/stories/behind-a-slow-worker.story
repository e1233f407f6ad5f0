lab task-queue seed=1 producers=1 workers=3 qos=1 rate=0 poison_every=0 dispatch=round-robin slow=4
# Six tasks, by turns: w2 and w3 have soon done theirs, and have nothing to do. w1 takes 800 ms for each, and the timeout
# of what waits with it runs out.
request p1 send
request p1 send
request p1 send
request p1 send
request p1 send
request p1 send
run 700ms
mark "w2 and w3 are idle"
expect w1 in-hand 2
expect w2 in-hand 0
expect w3 in-hand 0
run until note timed-out within 1s
run until settled within 5s
expect no-task-takes-effect-twice holds
expect trace 88a88ee8cce47055
