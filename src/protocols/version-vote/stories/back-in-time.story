lab version-vote seed=1 nodes=3 rate=0
# A reader answers what it has heard, and writes nothing back.
rule write-back-what-was-read off
request c1 write a
run until answered within 1s
run 100ms
# b comes to n1 alone, for now.
request c1 write b
run until note chooses-version within 1s
cut c1 > n2
cut c1 > n3
run until note stores within 1s
# c2 hears n1 and n2.
cut c2 n3
request c2 read
run until note read-done within 1s
expect c2 read b
mark "b is read"
# c3, later, hears n2 and n3.
cut c3 n1
request c3 read
run until note read-done within 1s
expect c3 read a
mark "and then a"
expect clients-linearizable violated
expect trace bc2a17b48c9b43f4
