lab hash-ring seed=1 rate=0
# Three copies, and the first server of k1 is dead. Two of three are more than half: reads and writes go on. When it
# comes back it lacks a write, and learns of it by comparing.
run 100ms
request c1 put k1=1
run until answered within 2s
kill n5
request c2 get k1
run until note from-a-replica within 2s
run until answered within 2s
expect c2 read 1
expect a-read-is-served-by-replicas seen
request c1 put k1=2
run until answered within 2s
mark "n5 does not know"
restart n5
run until note repaired within 15s
mark "n5 has learned it"
request c2 get k1
run until answered within 2s
expect c2 read 2
expect clients-linearizable holds
expect trace c137ae4ed2d18517
