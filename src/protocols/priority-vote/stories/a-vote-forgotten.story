lab priority-vote seed=1 form=uniform
# A vote that is in memory alone is gone with a crash. A leads by the votes of A and B. B crashes, comes up beside C, knows of no vote
# and no term, and votes in that term again.
rule persist-the-vote off
run 20ms
partition A B | C
request A call
run until leader within 500ms
expect A role leader
kill B
partition A | B C
restart B
mark "B has forgotten"
run until violated one-leader-a-term within 5s
expect two-leaders
expect trace 5cfa69357222298e
