lab hash-ring seed=1 rate=0
# The next three points may be those of one server. Its crash takes two of three copies, or all of them.
run 100ms
rule walk-to-distinct-nodes off
run until violated each-key-has-its-owners within 1s
rule walk-to-distinct-nodes on
run 100ms
expect each-key-has-its-owners violated
expect trace a630ac99094a3bbb
