lab two-phase-commit seed=1 rate=0
# 3 times 40 is more than n2 has.
request n1 pay n2 40
run until note refuses-poor within 1s
run until note no-heard within 1s
mark "one no is enough"
run 500ms
expect n1 aborted 1
expect n3 a 100
expect n3 aborted 1
expect a-transfer-aborts seen
expect not in-doubt
expect trace 178a21763d8fdcba
