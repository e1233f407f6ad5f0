lab load-balancer seed=1 service_times=fixed arrivals=even rate=16 service=200ms timeout=2s
# The article's class is called round robin, and draws at random. In turn no request would wait: these come at equal
# distances, and are all alike.
run 10s
expect a-queue-builds-up not-seen
rule in-turn off
run until violated shares-come-out-as-the-weights-say within 5s
run until queue within 60s
expect trace 6f532963f44cdc1c
