lab ring-election seed=5 order=best
# n1 passes the largest id on to n2, which is dead, and crashes before it knows: the id is lost with it. After a while
# the others see that nothing comes of this, and begin again.
kill n2
run until note passed-on within 200ms
step 1
kill n1
run until note nothing-came within 2s
mark "nothing came of it"
run until agreed within 2s
expect n6 role leader
expect the-largest-live-id-leads-in-time holds
expect trace 58dd7fcd239b2664
