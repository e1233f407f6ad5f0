lab priority-vote seed=7 form=uniform reign=100ms
# The article's class keeps the priorities in a list and draws from it without looking at them: each is elected in about a third
# of all, as often as by the product. Look at the panel of the nodes.
run 60s
expect A led 107
expect B led 102
expect C led 93
expect a-higher-priority-follows seen
expect one-leader-a-term holds
expect trace 7b59fd3873ea6b76
