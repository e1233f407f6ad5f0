lab version-vote seed=1 nodes=3 rate=0
# Two writers ask at once, hear the same, and take the same number. Nothing tells the two writes apart.
rule break-ties-by-writer off
latency 10ms
latency c1 > n3 40ms
latency c2 > n1 40ms
latency c2 > n2 20ms
request c1 write a
request c2 write b
run until split within 1s
mark "1 is a here, and b there"
run until answered within 1s
run 100ms
# Who hears n1 and n2 reads a. Who hears n3 may read b.
cut c3 n3
request c3 read
run until answered within 1s
expect c3 read a
heal c3 n3
cut c3 n1
request c3 read
run until answered within 1s
expect c3 read b
heal c3 n1
cut c3 n3
request c3 read
run until answered within 1s
expect c3 read a
mark "a, then b, then a again"
expect a-version-has-one-value violated
expect clients-linearizable violated
expect trace e33781c6828a5e5d
