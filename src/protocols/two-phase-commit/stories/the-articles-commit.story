lab two-phase-commit seed=1 rate=0
rule apply-after-decision off
# The article executes in phase one, and sends no decision. 3 times 40 is more than n2 has: it votes no.
request n1 pay n2 40
run until note executes-at-once within 1s
mark "n3 and n4 have the money, before anybody knows whether n2 has it"
run until note no-heard within 1s
run until violated all-decide-alike within 1s
run 1s
expect n3 a 140
expect n2 a 100
expect n1 aborted 1
expect n3 committed 1
expect with-nobody-in-doubt-the-total-is-right violated
expect no-commit-without-every-yes violated
expect trace 814c892ea460e6d6
