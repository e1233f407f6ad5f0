lab state-lock seed=1 nodes=2 ask_one_in=10
# The other class wraps a mutex of the machine that it runs on. In one process that is a lock: n1 takes it, and has
# it alone.
rule one-place off
request n1 take
run 50ms
expect n1 state holder
expect one-grant-at-a-time holds
mark "in one process it is a lock"
# In two processes it is two.
request n2 take
run 10ms
expect n2 state holder
expect two-hold
expect one-grant-at-a-time violated
expect trace 58eb87619f0bc8d2
