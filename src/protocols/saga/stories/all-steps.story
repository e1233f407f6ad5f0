lab saga seed=1 rate=0 no_courier=0%
request c1 order 2
run until note opens within 1s
mark "the saga begins; first that goes to the log"
run until note reserves within 1s
mark "from now on others see two pieces less"
expect stock reserved 2
run until note ships within 1s
run until done within 1s
run 50ms
expect stock free 198
expect stock sold 2
expect bank paid 20
expect c1 told-done 1
expect a-done-order-is-sent-and-paid holds
expect an-order-is-done seen
expect trace 14038cdfc9190f2a
