lab priority-vote seed=1
# B asks, and A is the highest that is fit. It dies after it has answered, before the votes come: they are for a dead node, and so
# nobody leads. B asks again, and now only those who live answer.
run 20ms
request B call
run until message Answer within 200ms
run until note nominates-best within 200ms
kill A
mark "A was chosen, and is dead"
run until note no-result within 500ms
run until agreed within 2s
expect C role leader
expect a-vote-comes-to-the-dead seen
expect one-leader-a-term holds
expect trace a9555dd7b2f1d5f9
