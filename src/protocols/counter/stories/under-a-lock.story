lab counter seed=1 way=lock clients=3 rate=0
# One of them has the lock, the others queue. Who has it is paused: nobody counts until it goes on.
request c1 add
request c2 add
request c3 add
run until note granted within 1s
run until note waits within 1s
step
run until note waits within 1s
pause c1
run 2s
mark "everybody waits for c1"
expect c1 acknowledged 0
expect c2 acknowledged 0
expect c3 acknowledged 0
resume c1
run until answered within 2s
expect s1 counts "count 3"
expect exact
expect no-acknowledged-add-is-lost holds
expect trace 3c777c27c0aca19d
