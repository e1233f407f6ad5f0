lab state-lock seed=1
# The article's class has a field for the state. Each node has an object of that class, and each field says
# "unlocked", as ever.
rule one-place off
run until violated one-grant-at-a-time within 10s
expect two-hold
mark "both hold, and s1 was never asked"
expect s1 number 0
run 10s
expect s1 number 0
expect free
expect trace 6831c23d6d1c13f1
