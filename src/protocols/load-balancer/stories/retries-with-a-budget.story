lab load-balancer seed=1 policy=two-choices rate=9 service=200ms timeout=2s
# The same trouble. But only one request in ten earns a retry, so there is never much more than what is asked.
run 10s
pause b1
run 6s
resume b1
calm
run until note budget-spent within 10s
run 61s
expect after-calm-requests-are-answered-in-time holds
expect retries-are-a-share-of-what-is-asked holds
expect trace a0f14995c75164f4
