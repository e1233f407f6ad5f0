lab saga seed=1 rate=0 no_courier=0%
rule record-before-answering off
slow-disk bank 100ms
request c1 order 2
run until note charges within 1s
run until note ships within 1s
kill bank
mark "it has said that the customer is charged. Its log will not say so"
run until violated nothing-is-sent-that-is-not-paid within 1s
restart bank
run 100ms
expect bank paid 0
expect stock sold 2
expect a-done-order-is-sent-and-paid violated
expect trace 794173bd876586b8
