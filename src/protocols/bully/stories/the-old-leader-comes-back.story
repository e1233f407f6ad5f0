lab bully seed=2
# The highest node comes back, and takes the lead from one that does its work well: hence the name.
run until agreed within 1s
run 100ms
kill n5
run until agreed within 1s
expect n4 role leader
run 200ms
mark "n4 leads"
restart n5
expect n5 role leader
# n4 does not know it yet: for as long as the announcement travels there are two.
expect two-leaders
mark "two lead, for one message's time"
run until agreed within 100ms
expect n4 role follower
expect two-lead-at-once seen
expect a-higher-node-takes-over seen
expect two-lead-only-while-an-announcement-travels holds
expect trace 37aaad486c5f5123
