# c1 is far away: each answer takes 200 ms. It counts its lock from when it had a majority, and not from when it
# asked, so it believes in it for nearly 100 ms after every instance took its key away.
lab redlock seed=1 rate=0 clients=2 timeout=300ms work=250ms latency_max=10ms
rule count-the-time-spent off
latency c1 i1 100ms
latency c1 i2 100ms
latency c1 i3 100ms
latency c1 i4 100ms
latency c1 i5 100ms
request c1 acquire
run until note expired
run 1ms
request c2 acquire
run until violated one-believer-at-a-time within 100ms
expect one-believer-at-a-time violated
expect "one grant at a time" holds
expect trace a96d9dfddeeb0f8a
