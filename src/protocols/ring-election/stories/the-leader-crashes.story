lab ring-election seed=2 order=best
# n6 leads and crashes. Its neighbour waits in vain for an acknowledgement, and hands on to the one behind it.
run until agreed within 1s
expect n6 role leader
run 200ms
mark "before the crash"
kill n6
run until note leader-silent within 1s
mark "its silence is noticed"
run until note passed-by within 200ms
mark "the dead one is passed by"
run until agreed within 2s
expect n5 role leader
expect a-dead-node-is-passed-by seen
expect one-leader holds
expect the-largest-live-id-leads-in-time holds
expect trace 93c6ac1538b4c5eb
