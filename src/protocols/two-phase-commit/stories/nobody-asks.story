lab two-phase-commit seed=1 rate=0 variant=presumed-abort
rule ask-when-in-doubt off
cut n4 > n1
request n1 pay n2 20
run until note no-votes within 1s
cut n1 > n2
run 100ms
calm
run 6s
expect after-calm-nobody-is-in-doubt violated
expect n2 in-doubt "1.1"
expect trace 5d5663e64bc271fa
