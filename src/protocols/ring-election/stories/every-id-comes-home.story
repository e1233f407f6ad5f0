lab ring-election seed=7
# Nobody swallows, so every id comes home, and every node takes that for a victory.
rule swallow-smaller-ids off
run until two-leaders within 1s
expect one-leader violated
mark "two believe to lead"
run until violated one-leader within 1s
run 5ms
expect two-leaders
expect trace 239634de6989b6f8
