lab priority-vote seed=12
# A's load is above the limit when it is asked, so C is accepted, which is the next. A follows, and goes on following.
run 20ms
request B call
run until agreed within 500ms
expect C role leader
expect A leader C
run 1s
expect C role leader
expect one-leader-a-term holds
expect trace f2c8a2de2ab32d3d
