lab two-phase-commit seed=1 rate=0 termination=cooperative
# They ask each other, and each is in doubt: that does not help.
request n1 pay n2 20
run until note commits within 1s
kill n1
run until note in-doubt-too within 1s
mark "n2, n3 and n4 have all voted yes, and n1 may have committed"
run 5s
expect n2 in-doubt "1.1"
expect n3 in-doubt "1.1"
expect n4 in-doubt "1.1"
restart n1
run 500ms
expect not in-doubt
expect trace f7a4b23783e3d990
