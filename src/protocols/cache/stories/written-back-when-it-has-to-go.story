lab cache seed=1 mode=write-back capacity=2 clients=1 rate=0 flush=10s
# The same three. The first one is written back as it goes.
request c1 put k1=red
request c1 put k2=green
run until answered within 1s
request c1 put k3=blue
run until note writes-back within 1s
run until note flushed within 1s
run until answered within 1s
request c1 get k1
run until answered within 1s
expect c1 read red
expect no-acknowledged-write-is-lost holds
expect trace ac5436c5fb9358a0
