lab three-phase-commit seed=1 rate=0
rule ask-after-a-restart off
request n1 pay n2 20
run until note pre-commits-all within 1s
kill n4
run until note goes-on-without within 1s
restart n4
calm
run until violated after-calm-nobody-is-in-doubt within 15s
expect n4 in-doubt "1.1"
expect trace 3f3345e553a29b54
