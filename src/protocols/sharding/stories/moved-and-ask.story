# Redis Cluster's two redirects. While the hand-over of the slot of k00 is not confirmed (its answer is lost), s3 says ASK: c1 asks
# s2 this once, and leaves its table as it is. Once it is confirmed s3 says MOVED, and c1 corrects its table.
lab sharding layout=slots seed=1 rate=0 clients=2 balance=off timeout=1s
request c1 add k00
run until answered
request m1 move k00 to s2
run until note takes-over
cut s2 > s3
request c1 add k00
run until note ask-there
run until note asks-once
run until answered
expect stale
heal
run until note forgets
request c1 add k00
run until note moved-there
run until note mends
run until answered
request c1 get k00
run until answered
expect c1 redirected "2"
expect one-owner-a-key-at-a-time holds
expect no-acknowledged-write-is-lost holds
expect no-write-is-doubled holds
expect trace 4d5a16521f2988c7
