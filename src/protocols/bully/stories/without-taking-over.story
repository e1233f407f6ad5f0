lab bully seed=9
# Without the rule that a higher node takes over, it bows to the one that leads when it comes back.
run until agreed within 1s
run 100ms
rule a-higher-node-takes-over off
kill n5
run until note leads within 1s
run 100ms
restart n5
run until note bows within 500ms
expect n5 leader n4
mark "n5 bows to n4"
calm
run until violated after-calm-the-highest-leads within 30s
expect n5 role follower
expect the-highest-live-node-leads-in-time violated
expect trace 87b2d627a88dba56
