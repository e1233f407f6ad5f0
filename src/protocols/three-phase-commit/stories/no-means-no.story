lab three-phase-commit seed=1 rate=0
# Each of the others would get 40: n2 has not enough for that.
request n1 pay n2 40
run until note refuses-poor within 1s
run until note no-heard within 1s
mark "one no is enough, and there is no second phase"
run 200ms
expect n3 aborted 1
expect n2 a 100
expect a-transfer-aborts seen
expect trace 8af737b06939b8a6
