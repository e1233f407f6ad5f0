lab three-phase-commit seed=1 rate=0
# n2 pays 20 to each of the others. Phase one: is everybody ready?
request n1 pay n2 20
run until note yes-counted within 1s
mark "the first vote"
# Phase two: everybody learns that all have said yes, and nobody has committed yet.
run until note pre-commits-all within 1s
run until pre-committed within 1s
expect n1 committed 0
mark "pre-committed, and not committed"
# Phase three.
run until note commits within 1s
run until committed within 1s
run 100ms
expect n1 a 120
expect n2 a 40
expect n3 a 120
expect n1 unacknowledged ""
expect a-transfer-commits seen
expect with-nobody-in-doubt-the-total-is-right holds
expect trace 9f89196c4cdc668d
