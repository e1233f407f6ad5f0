lab ring-election seed=1 order=worst nodes=8 variant=both-ways
# Hirschberg and Sinclair: one place both ways, then two, then four. Who meets somebody larger drops out early.
run until note turned-round within 200ms
mark "the end of the first phase"
run until note reply-counted within 200ms
run until note came-home within 2s
mark "the last phase goes all the way round"
run until agreed within 1s
expect n1 role leader
expect one-leader holds
expect trace 389e84dcb918a44e
