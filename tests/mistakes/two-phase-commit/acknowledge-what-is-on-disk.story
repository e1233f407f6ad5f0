lab two-phase-commit seed=1 members=3 disk_max=50ms
rule acknowledge-what-is-on-disk off
run until note forgets
kill n3
restart n3
run until violated all-decide-alike
expect all-decide-alike violated
