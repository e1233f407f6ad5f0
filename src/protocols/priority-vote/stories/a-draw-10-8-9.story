lab priority-vote seed=7 form=draw reign=100ms
# The article's worked case: the caller draws A with 10/27, B with 8/27, C with 9/27. Of 310 elections that is 115, 92 and 103;
# look at the panel of the nodes for what it comes to, and at the chart of who was elected.
run 60s
expect A led 121
expect B led 90
expect C led 99
expect a-higher-priority-follows seen
expect one-leader-a-term holds
expect trace 4d07856bf863d0d1
