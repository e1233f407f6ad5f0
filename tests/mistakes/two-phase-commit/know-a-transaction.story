lab two-phase-commit seed=1 members=2
rule know-a-transaction off
duplication 60%
run until violated with-nobody-in-doubt-the-total-is-right
expect with-nobody-in-doubt-the-total-is-right violated
