lab bully seed=4 variant=terms
# The same wall. A leader needs the assent of three of five now, in a new term. The old leader is on the side of the few:
# it believes to lead on, but in an older term.
run until agreed within 1s
run 100ms
partition n1 n2 n3 | n4 n5
run until two-leaders within 2s
mark "two lead, in different terms"
run 500ms
expect n3 role leader
expect n5 role leader
expect n3 term 2
expect n5 term 1
expect one-leader-a-term holds
heal
run until agreed within 2s
expect n5 role leader
expect n5 term 3
expect one-leader-a-term holds
expect nobody-takes-the-lead-over-a-higher-live-node violated
expect two-lead-only-while-an-announcement-travels violated
expect trace b671234322484078
