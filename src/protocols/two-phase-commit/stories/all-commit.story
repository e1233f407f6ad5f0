lab two-phase-commit seed=1 rate=0
# n2 pays 20 to each of the others. Phase one: is everybody ready?
request n1 pay n2 20
run until note yes-counted within 1s
mark "the first vote"
expect prepared
# Phase two: everybody is told.
run until note commits within 1s
mark "the record of n1 that says so decides"
run until committed within 1s
run 100ms
expect n1 a 120
expect n2 a 40
expect n3 a 120
expect n1 unacknowledged ""
expect a-transfer-commits seen
expect with-nobody-in-doubt-the-total-is-right holds
expect trace ed8e1fd0e9ea1594
