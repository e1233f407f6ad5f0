lab load-balancer seed=1 policy=two-choices rate=9 service=200ms timeout=2s
# The servers can do twice of what they are asked. For four seconds the balancer stands still. What was asked meanwhile is asked
# again, three times, and the servers do all of it, mostly for nobody: so more is late, and is asked again.
rule retry-budget off
run 10s
pause b1
run 6s
resume b1
calm
mark "all is well again, one would think"
run 61s
expect after-calm-requests-are-answered-in-time violated
expect retries-are-a-share-of-what-is-asked violated
expect trace 0e7e8bac002e7a1b
