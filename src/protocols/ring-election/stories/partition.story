lab ring-election seed=6 order=best
# A wall through the ring. To each side the other looks dead, is passed by, and two rings remain.
run until agreed within 1s
partition n1 n2 n3 | n4 n5 n6
run until two-leaders within 3s
mark "two rings, two leaders"
expect n3 role leader
expect n6 role leader
expect one-leader violated
run 500ms
heal
run until agreed within 3s
expect n6 role leader
expect trace 061791aee41b8296
