lab saga seed=1 rate=0 no_courier=0% tries=1
request c1 order 2
run until note step-done within 1s
run until 40ms
hold Charge shop>bank #1
run until note bars within 2s
mark "Refund has overtaken Charge: there is nothing to pay back, and never will be"
run until compensated within 1s
release Charge shop>bank #1
run until note too-late within 1s
mark "and so it is refused"
expect bank paid 0
expect a-compensated-order-holds-nothing holds
expect money-is-neither-made-nor-lost holds
expect trace cede7722d1349e96
