lab two-phase-commit seed=1 rate=0
rule remember-until-acknowledged off
request n1 pay n2 20
run until note forgets-early within 1s
cut n1 > n4
run 50ms
heal
mark "n1 has forgotten what n4 has not heard"
run until note no-information within 1s
run until violated all-decide-alike within 1s
expect n4 aborted 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 1a9ebe1ebc568238
