lab load-balancer seed=1 policy=smooth-weighted weights=40-30-30 servers=3 requests=100 rate=10 service=100ms service_times=fixed timeout=2s
# The worked case of the article: a hundred requests over loads of 40, 30 and 30. Whatever rule there is, the shares of three
# servers come to one. The article's 0.8, 0.2 and 0.32 come to 1.32; its own formula's 0.4, 0.6 and 0.44 to 1.44.
run 30s
expect c1 asked 100
expect c1 answered 100
expect c1 retried 0
expect s1 served 40
expect s2 served 30
expect s3 served 30
expect shares-come-out-as-the-weights-say holds
mark "40, 30 and 30"
expect trace 91d8b463409fc307
