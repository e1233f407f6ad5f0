lab hash-ring seed=1 rate=0 replicas=1
# The rule is off: the new server says that it has its keys, and has fetched none. Those who had them drop them. What
# was acknowledged is gone, and the read after it finds nothing.
run 100ms
request c1 put k19=1
run until answered within 2s
rule stream-before-owning off
request n6 join
run until note owns-unseen within 1s
mark "it says that it has them"
run until settled within 2s
run 500ms
request c2 get k19
run until violated clients-linearizable within 2s
expect n6 keys 0
expect on-join-only-the-new-node-gains holds
expect trace 19024cd7dde15bb1
