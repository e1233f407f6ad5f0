lab hash-ring seed=1 rate=0
# Three copies, and the first server of a key is dead. Two of three are more than half: reads and writes go on. When it
# comes back it lacks a write, and learns it by comparing.
run 100ms
request c1 put k1=1
run until answered within 2s
