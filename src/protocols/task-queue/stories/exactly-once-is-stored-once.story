lab task-queue seed=1 producers=1 qos=2 rate=0 poison_every=0
# First the PUBREC is lost, then the PUBCOMP. The identifier that the broker holds makes the second PUBLISH harmless.
request p1 send
run until note stored within 1s
cut b1 > p1
run until note known within 1s
mark "it came again, and is known"
heal
run until note forgotten within 1s
cut b1 > p1
run until note released-again within 1s
heal
run until accepted within 1s
expect b1 stored 1
expect b1 packets ""
run until settled within 2s
expect l1 works 1
expect trace 7420678152c9e46e
