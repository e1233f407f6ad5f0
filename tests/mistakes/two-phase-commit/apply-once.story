lab two-phase-commit seed=3 members=2 latency_max=100ms
rule apply-once off
run until violated with-nobody-in-doubt-the-total-is-right
expect with-nobody-in-doubt-the-total-is-right violated
