# Found by the search, which was asked for pauses: explore three-phase-commit --check all-decide-alike --beyond pause
lab three-phase-commit seed=1 members=2
run until note pre-commits-all
pause n1
run until note aborts
resume n1
run until violated all-decide-alike
expect all-decide-alike violated
expect with-nobody-in-doubt-the-total-is-right violated
expect trace b51dce6219753799
