lab version-vote seed=1 nodes=3 rate=0
request c1 write a
run until answered within 1s
run 100ms
# b reaches n1 alone, and c1 dies. It is neither written nor not written.
request c1 write b
run until note chooses-version within 1s
cut c1 > n2
cut c1 > n3
run until note stores within 1s
kill c1
# Who does not hear n1 reads a, and that is right.
cut c2 n1
request c2 read
run until note read-done within 1s
expect c2 read a
# Who hears n1 reads b, and finishes what c1 began.
cut c3 n3
request c3 read
run until note repaired within 1s
mark "c3 writes b back to n2 before it says so"
run until note read-done within 1s
expect c3 read b
# From now on b is what everybody reads.
request c2 read
run until note read-done within 1s
expect c2 read b
expect clients-linearizable holds
expect trace 89f418a0edb8e387
