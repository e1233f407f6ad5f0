lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# Without a timeout a task is its worker's for ever, dead or alive, and
# w1 has forgotten it.
rule visibility-timeout off
request p1 send
run until note begun within 1s
kill w1
run 50ms
expect accepted
restart w1
calm
run 91s
expect after-calm-every-accepted-task-is-done-or-dead violated
expect b1 lent 1
expect no-accepted-task-is-lost holds
expect trace 8317ba3ce22d5ed7
