lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# The same, with a ledger that takes each work for a new one: the card is charged twice.
rule dedup-by-id off
request p1 send
run until note worked within 2s
pause w1
run until violated no-task-takes-effect-twice within 3s
expect l1 works 2
expect l1 effects 2
expect trace 2b84ae799d1251be
