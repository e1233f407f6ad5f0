lab cache seed=1 mode=write-back capacity=2 clients=1 rate=0 flush=10s
# Two slots, three keys. The first one has to go, and nobody writes it back.
rule flush-before-eviction off
request c1 put k1=red
request c1 put k2=green
run until answered within 1s
expect full
request c1 put k3=blue
run until violated no-acknowledged-write-is-lost within 1s
run until answered within 1s
request c1 get k1
run until answered within 1s
expect c1 read-version 0
expect clients-linearizable violated
expect the-cache-keeps-nothing-older-than-an-acknowledged-write violated
expect trace 8a4d401beacc78d0
