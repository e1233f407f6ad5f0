# Found by the search, which was asked for walls: explore three-phase-commit --check all-decide-alike --beyond partition
lab three-phase-commit seed=1 members=3
run until note pre-commits-all
partition n3 | n1 n2
run until violated all-decide-alike
expect all-decide-alike violated
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 5b78ed316b717cbd
