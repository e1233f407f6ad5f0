lab saga seed=1 rate=0 no_courier=0%
request c1 order 2
cut bank > shop
run until note may-be-done within 3s
mark "no answer: the charge may have been made, or not. It was"
expect bank paid 20
heal
run until note refunds within 1s
run until compensated within 1s
expect bank paid 0
expect stock free 200
expect a-compensated-order-holds-nothing holds
expect trace 6412a0cfe2ceda4c
