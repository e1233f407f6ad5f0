lab two-phase-commit seed=1 rate=0 variant=presumed-abort
# n1 aborts, and remembers nothing: no forced record, no acknowledgements.
cut n1 > n3
request n1 pay n2 40
run until note presumes within 1s
expect n1 unacknowledged ""
run 50ms
heal
request n1 pay n3 20
cut n4 > n1
run until note no-votes within 1s
cut n1 > n2
run 100ms
heal
mark "n2 is prepared, and the message to abort is lost"
expect n2 in-doubt "1.2"
run until note asks within 1s
run until note no-information within 1s
mark "who knows nothing answers abort"
run 100ms
expect n2 in-doubt ""
expect not in-doubt
expect all-decide-alike holds
expect trace f06b3429033bbfcd
