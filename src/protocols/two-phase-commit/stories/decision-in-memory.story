lab two-phase-commit seed=1 rate=0
rule force-the-decision off
request n1 pay n2 20
run until note commits-in-memory within 1s
cut n1 > n4
run 50ms
mark "n2 and n3 commit; the record of n1 is in its memory"
kill n1
restart n1
heal
run until violated all-decide-alike within 1s
expect n2 committed 1
expect n4 aborted 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 0a95fbb9ef02bed8
