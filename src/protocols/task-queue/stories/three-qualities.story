lab task-queue seed=3 rate=4 poison_every=0 loss=10%
# One producer of each quality, on a network that loses a tenth. At quality 0 tasks are missing, at quality 1 some are
# there twice, at quality 2 each is there once.
run 20s
expect a-task-is-never-stored seen
expect a-task-is-stored-twice seen
expect a-task-sent-at-quality-2-is-stored-once holds
expect no-accepted-task-is-lost holds
expect no-task-takes-effect-twice holds
expect trace c3ee6a368b6c7578
