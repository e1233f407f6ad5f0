lab counter seed=1 way=pn-counter clients=2 replicas=2 rate=0
# Up on one side, down on the other. What went up and what went down is counted apart, because a merge takes the
# greater and would undo what only went down.
cut r1 r2
request c1 add
request c2 subtract
request c2 subtract
run 1s
expect r1 value 1
expect r2 value "-2"
heal
run 2s
expect r1 value "-1"
expect r2 value "-1"
expect agreed
expect exact
# A state that arrives twice, or late, changes nothing.
duplication 100%
run 2s
expect r1 value "-1"
expect no-add-is-counted-twice holds
calm
run 1s
expect after-calm-the-replicas-agree holds
expect trace f222c23aa4dba69f
