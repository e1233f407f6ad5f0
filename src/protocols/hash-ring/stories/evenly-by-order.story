lab hash-ring seed=1 nodes=4 spares=1 clients=1 rate=0
# Points in even steps, by the order of the nodes: perfectly balanced, until one of them gets more of them. Then
# every point behind it moves, and nodes that did not change gain keys.
rule place-by-hash off
run 100ms
request n3 weight 2
run until violated on-join-only-the-new-node-gains within 3s
expect on-join-only-the-new-node-gains violated
expect trace 0f842f919b8a4dbf
