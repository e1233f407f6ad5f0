lab ring-election seed=3 order=best
# The largest comes back, and its id goes round. The leader that passes it on leads no more, before the other does.
run until agreed within 1s
kill n6
run until agreed within 2s
expect n5 role leader
mark "n5 leads"
restart n6
run until note steps-down within 500ms
expect not leader
mark "for a moment nobody leads"
run until agreed within 1s
expect n6 role leader
expect one-leader holds
expect two-lead-at-once not-seen
expect trace 5bce7ac9eb15e034
