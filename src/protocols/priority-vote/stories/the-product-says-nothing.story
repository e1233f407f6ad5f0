lab priority-vote seed=2 form=product reign=100ms
# A product over all nodes is the same for each of them: 720 of 2160 for A, for B and for C. The priorities have no say.
run 60s
expect a-higher-priority-follows seen
expect one-leader-a-term holds
expect trace fe58217741160631
