lab saga seed=1 rate=0 no_courier=100%
request c1 order 2
run until note no-courier within 1s
mark "the last step is refused: what is done has to be undone"
expect stock reserved 2
expect bank paid 20
run until note refunds within 1s
mark "first C2, and then C1"
expect stock reserved 2
run until compensated within 1s
run 50ms
expect stock free 200
expect stock reserved 0
expect bank paid 0
expect c1 told-compensated 1
expect money-is-held-only-with-goods holds
expect an-order-is-compensated seen
expect trace e53def42eef25ce1
