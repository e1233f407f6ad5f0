lab load-balancer seed=1 service_times=fixed arrivals=even rate=8 requests=40 service=200ms timeout=2s
# Four servers, one after the other. All requests are alike, so that is all there is to do.
run until answered within 20s
run 6s
expect c1 asked 40
expect c1 answered 40
expect a-queue-builds-up not-seen
expect shares-come-out-as-the-weights-say holds
expect trace c0c6fe630097dc59
