lab saga seed=1 rate=0 no_courier=0%
# Outside of what is promised: the log is all that there is.
request c1 order 2
run until note ships within 1s
run 50ms
wipe bank
restart bank
run 100ms
expect bank with-customers 1800
expect nothing-is-sent-that-is-not-paid violated
expect a-done-order-is-sent-and-paid violated
expect trace f2a33d241be3e796
