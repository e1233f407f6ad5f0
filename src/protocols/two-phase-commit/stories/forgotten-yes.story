lab two-phase-commit seed=1 rate=0
rule force-before-voting off
request n1 pay n2 20
run until note yes-counted within 1s
kill n2
restart n2
mark "n2 has voted yes, and its log says nothing of it"
run until violated with-nobody-in-doubt-the-total-is-right within 1s
run 500ms
expect n3 a 120
expect n2 a 100
expect trace 481fbaeadead26a7
