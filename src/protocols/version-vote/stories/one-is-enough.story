lab version-vote seed=1 nodes=3 rate=0
# Whoever answers first has the word: n1 for the writer, n2 for the reader.
rule wait-for-a-majority off
cut c1 n2
cut c1 n3
cut c2 n1
request c1 write a
run until note write-done within 1s
request c2 read
run until note read-nothing within 1s
mark "written, and not there"
expect clients-linearizable violated
expect trace b1251d1932bdf0ea
