lab ring-election seed=1 order=worst nodes=8
# Falling clockwise: each id has the whole way to the largest before it. 36 times an id is handed on.
run until agreed within 1s
mark "n(n + 1)/2"
expect n1 role leader
expect n8 leader n1
expect no-id-goes-round-twice holds
expect trace a7ac556c980b1b73
