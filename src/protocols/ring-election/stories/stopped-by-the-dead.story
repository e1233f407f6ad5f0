lab ring-election seed=8 order=best
# Nobody passes the dead by: what comes to one is lost, and the ring is a ring no more.
run until agreed within 1s
rule pass-by-the-dead off
run 200ms
kill n6
run until note not-passed-by within 2s
mark "lost at the dead node"
run until violated the-largest-live-id-leads-in-time within 5s
expect not leader
expect trace 1eaef569734d229d
