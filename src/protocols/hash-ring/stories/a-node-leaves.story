lab hash-ring seed=1 rate=0
# Each of its arcs falls to the server behind it: with several points for each, many share what one had.
run 100ms
request c1 put k1=1
run until answered within 2s
request n2 leave
run until moving within 1s
run until settled within 3s
run 1s
expect n2 keys 0
expect on-leave-only-the-leaver-loses holds
expect keys-move seen
request c2 get k1
run until answered within 2s
expect c2 read 1
expect trace 927a1c02be231ecd
