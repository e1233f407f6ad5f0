lab saga seed=1 customers=1
rule replay-every-event off
run until note told-compensated
kill stock
restart stock
run until violated memory-is-what-the-log-says
expect memory-is-what-the-log-says violated
