# c1 is done and deletes "the" lock, but the message is late: when it arrives, the lock is that of c2, and
# c3 gets it, too.
lab lease-lock seed=1 ttl=500ms clients=3 rate=0
rule compare-the-token off
request c1 acquire
run until note gave-back-blindly
hold DeleteRequest c1>s1 #1
run until note expired
request c2 acquire
run until note looked
release DeleteRequest c1>s1 #1
run until note deleted-anothers
request c3 acquire
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
expect trace 24fc6692d48634c6
