lab priority-vote seed=7 form=product reign=100ms
# A product over all nodes is the same for each of them: 720 of 2160 for A, for B and for C. The priorities have no say.
# Of 302 elections a third is 101: look at the panel of the nodes.
run 60s
expect A led 107
expect B led 102
expect C led 93
expect a-higher-priority-follows seen
expect one-leader-a-term holds
expect trace e1719f749c446cb4
