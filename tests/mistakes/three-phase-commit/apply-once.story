lab three-phase-commit seed=6 members=2 latency_max=100ms
rule apply-once off
run until violated with-nobody-in-doubt-the-total-is-right
expect with-nobody-in-doubt-the-total-is-right violated
