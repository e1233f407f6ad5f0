lab version-vote seed=1 nodes=3 rate=0
# Outside of what is promised. a is at n1 and n2; n3 has heard nothing.
cut c1 n3
request c1 write a
run until answered within 1s
wipe n2
restart n2
mark "n2 has lost its disk, and answers as if nothing had been"
cut c2 n1
request c2 read
run until note read-nothing within 1s
expect versions-never-go-back violated
expect clients-linearizable violated
expect trace ed296d3f8bc5a6d2
