lab priority-vote seed=2 form=draw reign=100ms
# The article's worked case: the caller draws A with 10/27, B with 8/27, C with 9/27. Look at the chart of who was elected.
run 60s
expect a-higher-priority-follows seen
expect one-leader-a-term holds
expect trace 71073d1f6f0e6d9c
