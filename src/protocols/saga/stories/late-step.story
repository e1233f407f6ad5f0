lab saga seed=1 rate=0 no_courier=0% tries=1
rule bar-what-was-compensated-first off
request c1 order 2
run until note step-done within 1s
run until 40ms
hold Charge shop>bank #1
run until compensated within 2s
release Charge shop>bank #1
run until violated a-compensated-order-holds-nothing within 1s
mark "charged for an order that is over"
expect bank paid 20
expect stock reserved 0
expect money-is-held-only-with-goods violated
expect trace 41fe5f1bb9cdd55c
