# The same, and the writes carry the number of their grant: the resource has seen 2, and refuses 1.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0 fencing=on
request c1 acquire
run until held
pause c1
run until note expired
request c2 acquire
run until note accepted
run 5ms
resume c1
run until note refused
run 15ms
expect r1 last-writer "c2"
expect "no older write is accepted" holds
expect an-older-write-lands not-seen
expect one-believer-at-a-time violated
expect trace 08308e39ebeb121c
