lab saga seed=1 rate=0 no_courier=100%
rule retry-compensations off
request c1 order 2
run until note no-courier within 1s
cut shop > bank
run 100ms
mark "one message is lost"
calm
run 16s
expect after-calm-each-order-is-done-or-compensated violated
expect bank paid 20
expect shop open "1.1"
expect trace de0a0a2c212babec
