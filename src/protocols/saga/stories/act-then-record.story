lab saga seed=1 rate=0 disk_min=20ms disk_max=20ms
rule record-before-acting off
request c1 order 2
run until note opens-unrecorded within 1s
run 5ms
kill shop
mark "it has asked for goods, and its log says nothing of it"
run 200ms
restart shop
expect stock reserved 2
calm
run 16s
expect after-calm-each-order-is-done-or-compensated violated
expect stock reserved 2
expect shop open ""
expect trace aadda808bf71eaca
