# Nobody sleeps and every clock is right. The write of c1 is under way for longer than its lease lasts.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0
request c1 acquire
run until note wrote
hold WriteRequest c1>r1 #1
run until note lease-over
request c2 acquire
run until note accepted-unseen
run 5ms
release WriteRequest c1>r1 #1
run 15ms
expect an-older-write-lands seen
expect "one believer at a time" holds
expect "one grant at a time" holds
expect trace 475341c474be8af1
