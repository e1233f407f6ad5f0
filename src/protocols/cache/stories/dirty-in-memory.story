lab cache seed=1 mode=write-back clients=1 rate=0 flush=1s
# What is not written back is in memory alone. The cache answers faster, and crashes.
rule dirty-on-disk off
request c1 put k1=red
run until answered within 1s
mark "acknowledged"
kill m1
run until violated no-acknowledged-write-is-lost within 1s
restart m1
request c1 get k1
run until answered within 2s
expect c1 read-version 0
expect clients-linearizable violated
expect the-cache-keeps-nothing-older-than-an-acknowledged-write violated
expect trace 62e1ff8ea22db472
