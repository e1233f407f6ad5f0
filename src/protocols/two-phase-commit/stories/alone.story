lab two-phase-commit seed=1 rate=0
rule do-not-decide-alone off
request n1 pay n2 20
run until note commits within 1s
cut n1 > n4
run until note decides-alone within 1s
run until violated all-decide-alike within 1s
expect n2 committed 1
expect n4 aborted 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 9973beaa03617fbe
