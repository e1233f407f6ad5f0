lab task-queue seed=1 producers=1 workers=2 qos=1 rate=0
# Every worker fails at it. After three tries it is put aside, and the next one gets its turn.
request p1 poison
request p1 send
run until note rejected within 1s
run until dead-letter within 2s
mark "put aside"
run until settled within 2s
expect b1 dead 1
expect l1 effects 1
expect no-accepted-task-is-lost holds
expect trace f6052889b532b797
