lab priority-vote seed=2 form=uniform reign=100ms
# The article's class keeps the priorities in a list and draws from it without looking at them: each is elected in a third of all.
run 60s
expect a-higher-priority-follows seen
expect one-leader-a-term holds
expect trace b3ab030a77371e21
