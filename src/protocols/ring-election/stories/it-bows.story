lab ring-election seed=9 order=best
# The largest comes back, hears that somebody leads, and leaves it at that.
run until agreed within 1s
rule a-larger-id-takes-over off
kill n6
run until agreed within 2s
restart n6
run until note bows within 1s
expect n6 leader n5
mark "n6 bows to n5"
calm
run until violated after-calm-the-largest-id-leads within 40s
expect n6 role follower
expect the-largest-live-id-leads-in-time violated
expect trace 3d3c47d2adfe585b
