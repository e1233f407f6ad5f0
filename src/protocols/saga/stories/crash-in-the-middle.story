lab saga seed=1 rate=0 no_courier=0%
request c1 order 2
run until note charges within 1s
kill shop
mark "the customer is charged, and who runs the saga is dead"
run 1s
expect bank paid 20
expect stock reserved 2
restart shop
run until note resumes within 1s
mark "its log says how far the saga was"
expect shop open "1.1"
run until note known within 1s
mark "it asks for what was done already: that does no harm"
run until done within 1s
expect stock sold 2
expect bank paid 20
expect memory-is-what-the-log-says holds
expect trace db76d6177a9002b4
