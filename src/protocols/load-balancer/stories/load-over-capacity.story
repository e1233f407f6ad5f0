lab load-balancer seed=2 policy=random rate=18 requests=0 service=200ms timeout=2s
# The article's P(i) = L(i)/R: a server is chosen with the probability of its load. Near capacity no server is
# idle for long at first. But whoever has more gets more, whoever has nothing gets nothing, and so one has all.
rule choose-without-feedback off
run until one-has-all within 60s
mark "one has all"
run until violated a-healthy-idle-server-is-not-passed-over-for-ever within 60s
expect one-has-all
expect trace 66a11fa6fe753abc
