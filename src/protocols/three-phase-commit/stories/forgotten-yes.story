lab three-phase-commit seed=1 rate=0
rule force-before-voting off
request n1 pay n2 20
run until note yes-counted within 1s
kill n4
restart n4
mark "n4 has voted yes, and knows nothing of it"
run until violated with-nobody-in-doubt-the-total-is-right within 2s
expect n4 a 100
expect trace 59c5286893f57687
