lab bully seed=3
# n5 and n4 are dead. n3 answers those below it, and dies before it leads: they wait for what comes of it.
run until agreed within 1s
run 100ms
kill n4
kill n5
run until note gives-way within 500ms
mark "n3 has answered"
kill n3
run until waits-for-the-dead within 200ms
mark "they wait for the dead"
run until note no-coordinator within 500ms
run until agreed within 500ms
expect n2 role leader
expect n1 leader n2
expect a-node-waits-for-one-that-is-dead seen
expect the-highest-live-node-leads-in-time holds
expect trace 95f5a4d9652c084f
