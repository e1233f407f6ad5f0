lab saga seed=1 rate=0 no_courier=0%
rule compensate-what-may-be-done off
request c1 order 2
cut bank > shop
run until note gives-up within 3s
heal
mark "no answer is taken for no"
run until violated a-compensated-order-holds-nothing within 1s
expect bank paid 20
expect stock reserved 0
expect money-is-held-only-with-goods violated
expect trace 8388ffbb4919782e
