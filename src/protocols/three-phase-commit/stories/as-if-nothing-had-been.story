lab three-phase-commit seed=1 rate=0 members=2
rule who-was-down-takes-no-part off
request n1 pay n2 20
run until note pre-commits-all within 1s
kill n2
run until note goes-on-without within 1s
run 4ms
kill n1
mark "n1 has committed without n2, rightly, since n2 is down"
restart n2
run until violated all-decide-alike within 2s
expect n2 aborted 1
expect with-nobody-in-doubt-the-total-is-right violated
expect trace 4d18f3dd1f15e7ed
