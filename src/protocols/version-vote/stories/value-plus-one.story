lab version-vote seed=1 nodes=3 clients=2 rate=0
# The article's class keeps one number for both: what is stored is the value plus one.
rule version-apart-from-value off
request c1 write 1
run until answered within 1s
request c2 read
run until answered within 1s
mark "written 1, read 2"
expect c2 read 2
expect what-is-read-was-written violated
expect clients-linearizable violated
# And who writes a smaller value writes an older version.
request c1 write 5
run until answered within 1s
request c1 write 3
run until answered within 1s
request c2 read
run until answered within 1s
mark "3 was written after 5, and is not there"
expect c2 read 6
expect trace db7e2bb9e75d017c
