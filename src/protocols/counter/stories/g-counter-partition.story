lab counter seed=1 way=g-counter clients=3 rate=0
# A wall between the replicas, and each side goes on counting. Nothing has to be agreed on: each entry has one
# writer, and a merge takes the greater.
partition r1 | r2 r3
request c1 add
request c1 add
request c2 add
request c3 add
run 1s
mark "two sides, two numbers"
expect r1 value 2
expect r2 value 2
expect r3 value 2
expect r1 plus "2 0 0"
expect not agreed
expect the-replicas-differ seen
expect c1 acknowledged 2
heal
run 2s
expect r1 value 4
expect r2 value 4
expect r3 value 4
expect agreed
expect exact
expect no-acknowledged-add-is-lost holds
expect no-add-is-counted-twice holds
expect trace d9d94205837e8c5f
