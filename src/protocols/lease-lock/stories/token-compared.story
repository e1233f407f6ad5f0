# The same with the rule: the late delete finds another token, and does nothing.
lab lease-lock seed=1 ttl=500ms clients=3 rate=0
request c1 acquire
run until note gave-back
hold DeleteRequest c1>s1 #1
run until note expired
request c2 acquire
run until note looked
release DeleteRequest c1>s1 #1
run until note not-its-token
request c3 acquire
run until note waits
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace 6f23c5fa7508ba99
