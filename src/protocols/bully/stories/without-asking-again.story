lab bully seed=3
# As in "lost in the middle": n3 answers, and dies before it leads. Without asking again the two that are left wait for ever.
run until agreed within 1s
run 100ms
rule ask-again off
kill n4
kill n5
run until note gives-way within 500ms
kill n3
run until violated a-wait-for-a-coordinator-ends within 2s
expect waits-for-the-dead
run until violated the-highest-live-node-leads-in-time within 2s
expect waits-for-the-dead
expect not leader
run 10s
expect not leader
expect trace 5f6e14d088cc84e7
