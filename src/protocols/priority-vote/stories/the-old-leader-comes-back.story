lab priority-vote seed=1
# A leads, crashes, and comes back with the highest priority of all. It follows: who leads, leads. In `bully` it would take over.
run 20ms
request B call
run until agreed within 500ms
expect A role leader
run 100ms
kill A
run until agreed within 2s
expect C role leader
run 200ms
mark "C leads"
restart A
run 1s
expect A leader C
expect a-higher-one-follows
expect a-higher-priority-follows seen
expect trace d516c8d223ad3b03
