lab priority-vote seed=1
# A leads, and is cut off. B and C are more than half of three: they elect another in a new term. A believes to lead on, in an older
# one. Where B is alone it gets no answers, and does not even begin.
run 20ms
request B call
run until agreed within 500ms
run 100ms
partition A | B C
run until two-leaders within 2s
mark "two lead, in different terms"
expect A role leader
expect C role leader
expect one-leader-a-term holds
heal
run until agreed within 1s
expect A leader C
expect trace d97a78767984b3d6
