lab three-phase-commit seed=3 members=2
rule know-a-transaction off
duplication 100%
run until violated with-nobody-in-doubt-the-total-is-right
expect with-nobody-in-doubt-the-total-is-right violated
