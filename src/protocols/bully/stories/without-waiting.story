lab bully seed=8
# Without the wait for an answer whoever asks leads at once, over the heads of those who are alive.
run until agreed within 1s
run 100ms
rule wait-for-the-answer off
kill n5
run until violated nobody-takes-the-lead-over-a-higher-live-node within 1s
mark "somebody leads whom nobody had to ask"
run 100ms
run until agreed within 500ms
expect n4 role leader
expect trace 25ce8df07311a371
