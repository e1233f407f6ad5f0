lab ring-election seed=4 order=best
# As in "an id outlives its node", but nobody takes it off: the largest id goes round for ever, and whoever passes it on
# does not dare to lead.
rule once-round off
run until note sends-its-id within 100ms
run until note passed-on within 100ms
kill n6
run until note goes-on within 1s
mark "past where it set out"
run until violated no-id-goes-round-twice within 2s
run 5s
expect the-largest-live-id-leads-in-time violated
expect trace d64d81bdbed8a621
