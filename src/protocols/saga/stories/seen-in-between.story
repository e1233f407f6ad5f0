lab saga seed=1 rate=0 stock=3 no_courier=100%
# c1 takes all that there is. No courier comes, and all is given back. In between c2 was sent away.
request c1 order 3
run until note reserves within 1s
request c2 order 1
run until note no-goods within 1s
mark "sold out, says the stock"
expect stock free 0
run until compensated within 1s
run 200ms
mark "and now it is not"
expect stock free 3
expect c2 told-compensated 1
expect an-order-is-refused-for-what-comes-back seen
expect stock-plus-reserved-plus-sold-never-changes holds
expect trace 35fae3792975cf86
