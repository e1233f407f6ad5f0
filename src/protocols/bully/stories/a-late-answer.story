lab bully seed=6
# n5 is down. The answers of n4 to those below it take longer than they wait: silence is taken for death.
run until agreed within 1s
run 100ms
kill n5
latency n4 > n3 400ms
latency n4 > n2 400ms
run until note leader-silent within 1s
run until two-leaders within 500ms
mark "n3 leads, and n4 is alive"
expect n3 role leader
expect nobody-takes-the-lead-over-a-higher-live-node violated
run 1s
mark "what is late arrives at last"
expect n4 role leader
expect n3 role follower
expect two-lead-only-while-an-announcement-travels violated
expect trace 48ee5308430c65ef
