lab three-phase-commit seed=1 rate=0
rule hold-locks off
# n1 and n4 each have n2 pay 60 of its 100.
request n1 pay n2 20
request n4 pay n2 20
run until violated no-account-is-overdrawn within 1s
run 200ms
expect n2 a -20
expect trace e3446ca16496b425
