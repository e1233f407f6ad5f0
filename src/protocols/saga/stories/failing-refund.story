lab saga seed=1 rate=0 no_courier=100% failed_refunds=3
request c1 order 2
run until note refund-fails within 1s
mark "a compensation that cannot be done: there is no way forwards any more, and none back"
run 400ms
expect bank paid 20
run until note refunds within 3s
run until compensated within 1s
expect bank paid 0
expect stock reserved 0
expect money-is-held-only-with-goods holds
expect trace 0e853308a9a7472d
