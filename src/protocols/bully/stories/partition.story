lab bully seed=4
# A wall makes the nodes on one side look dead to the other. Each side elects its highest: two leaders, for as long as
# the wall stands. The algorithm promises nothing under a partition.
run until agreed within 1s
run 100ms
partition n1 n2 n3 | n4 n5
run until two-leaders within 1s
run 500ms
mark "n3 and n5 lead"
expect n3 role leader
expect n5 role leader
expect n1 leader n3
expect n4 leader n5
expect two-lead-only-while-an-announcement-travels violated
expect nobody-takes-the-lead-over-a-higher-live-node violated
heal
run until agreed within 500ms
expect n3 leader n5
expect trace 7eadb71fdede5d71
