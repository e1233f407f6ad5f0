lab counter seed=1 clients=1 rate=0
# The store adds in one step, but its answer is lost, and the client asks again. Without an id the
# store takes that for another add.
rule retries-carry-an-id off
request c1 add
run until note added within 1s
finish s1
drop Reply s1>c1 #1
mark "counted, and nobody knows"
run until note retried within 1s
run until violated no-add-is-counted-twice within 1s
expect s1 counts "count 2"
expect c1 asked 1
expect no-acknowledged-add-is-lost holds
expect trace 8d6a905a20ee9f38
