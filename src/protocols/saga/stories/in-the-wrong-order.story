lab saga seed=1 rate=0 no_courier=100%
rule compensate-in-reverse off
request c1 order 2
run until note compensates-forwards within 1s
run until violated money-is-held-only-with-goods within 1s
mark "the goods are free for others, and the customer has paid for them"
expect bank paid 20
expect stock free 200
run until compensated within 1s
expect a-compensated-order-holds-nothing holds
expect trace c2cce4c4d472d6ef
