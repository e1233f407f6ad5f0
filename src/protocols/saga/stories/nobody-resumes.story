lab saga seed=1 rate=0
rule resume-after-a-restart off
request c1 order 2
run until note reserves within 1s
kill shop
run 200ms
restart shop
run until note leaves-open within 1s
calm
run 16s
expect after-calm-each-order-is-done-or-compensated violated
expect stock reserved 2
expect trace 5fd78c6dc9653717
