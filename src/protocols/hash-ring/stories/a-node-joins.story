lab hash-ring seed=1 rate=0
# Five servers, and n6 comes. The keeper counts both layouts until n6 has fetched what it gains; only then the new
# one is in force alone, and the others drop what went.
run 100ms
request c1 put k1=1
run until answered within 2s
request n6 join
run until moving within 1s
mark "both layouts count"
run until note streams within 1s
run until note has-its-keys within 2s
mark "it has what it gains"
run until settled within 2s
expect keys-move seen
expect keys-move-between-nodes-that-stay not-seen
expect on-join-only-the-new-node-gains holds
request c2 get k1
run until answered within 2s
expect c2 read 1
expect clients-linearizable holds
expect trace b99c4397dd117248
