lab saga seed=1 rate=0 no_courier=0%
request c1 order 2
run until done within 1s
request c2 order 3
run until done within 1s
run 200ms
kill stock
mark "no number is stored anywhere: only what has happened"
run 100ms
restart stock
run until note replays-service within 1s
expect stock free 195
expect stock sold 5
expect stock replayed 4
run 100ms
expect memory-is-what-the-log-says holds
expect trace 9801c20748ededd8
