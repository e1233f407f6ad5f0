lab bully seed=1
# n5 leads and crashes. Whoever misses it asks all above; the highest that lives hears of nobody above it, and leads.
run until agreed within 1s
run 100ms
expect n5 role leader
run 100ms
mark "before the crash"
kill n5
run until note leader-silent within 300ms
mark "its silence is noticed"
run until note no-answer within 200ms
expect n4 role leader
mark "nobody above n4 has answered"
run until agreed within 200ms
expect n1 leader n4
expect nobody-takes-the-lead-over-a-higher-live-node holds
expect the-highest-live-node-leads-in-time holds
expect not two-leaders
expect trace 44d604a43b23328b
