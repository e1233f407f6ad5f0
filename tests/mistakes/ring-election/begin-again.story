lab ring-election seed=1 nodes=5
rule begin-again off
run until note passed-on
kill n5
run until violated the-largest-live-id-leads-in-time
expect the-largest-live-id-leads-in-time violated
