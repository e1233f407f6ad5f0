lab three-phase-commit seed=1 members=3
rule count-a-voter-once off
duplication 100%
run until violated no-commit-without-every-yes
expect no-commit-without-every-yes violated
