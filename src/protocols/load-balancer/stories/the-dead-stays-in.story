lab load-balancer seed=1 rate=6 service=200ms timeout=2s
# Nobody takes s2 out. Each fourth request is sent to a grave.
rule take-out-the-dead off
run 5s
kill s2
run until note stays-in within 10s
run until violated no-request-goes-to-a-server-long-dead within 10s
run until note gave-up within 60s
mark "one that was unlucky again and again"
expect trace 4d020c0840c12c81
