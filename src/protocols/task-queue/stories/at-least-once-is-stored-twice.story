lab task-queue seed=1 producers=1 qos=1 rate=0 poison_every=0
# The broker has it, but its answer is lost. The producer cannot know, and sends it again.
request p1 send
run until note stored within 1s
run until message Publish
step 2
cut b1 > p1
run until note published-again within 1s
heal
run until accepted within 1s
expect b1 stored 2
expect a-task-is-stored-twice seen
run until settled within 3s
expect l1 works 2
expect l1 effects 1
expect trace b3e6ab05b3662686
