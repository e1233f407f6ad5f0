lab saga seed=1 rate=0 no_courier=0% recovery=forward
request c1 order 2
run until note reserves within 1s
kill bank
mark "the bank is down for a long time"
run 5s
# Nothing is given up, and goods stay reserved for as long.
expect stock reserved 2
expect shop open "1.1"
restart bank
run until done within 1s
expect bank paid 20
expect not turning-back
expect trace d648f12291446a63
