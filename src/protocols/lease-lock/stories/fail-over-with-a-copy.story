# With the rule the lock is granted only when the replica has it. c1's lock survives the fail-over.
lab lease-lock seed=1 ttl=500ms clients=2 rate=0 replica=on
request c1 acquire
run until held
kill s1
request s2 take-over
request c2 acquire
run until note no-answer
run until note held
expect "one grant at a time" holds
run until note expired
run until held within 500ms
expect c2 believes "yes"
expect "one grant at a time" holds
expect "one believer at a time" holds
expect trace 3bfe3ed32d2152a5
