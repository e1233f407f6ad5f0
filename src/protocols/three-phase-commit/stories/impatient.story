lab three-phase-commit seed=1 rate=0
rule wait-as-long-as-it-may-take off
# Nobody dies, and no message is late.
request n1 pay n2 20
run until note silent within 1s
mark "taken for dead before an answer can be there"
run until violated all-decide-alike within 2s
expect trace 1d0fcc9f9dada5af
