lab ring-election seed=1 order=best nodes=8
# Rising clockwise: each id but the largest is swallowed by the first that it meets. 15 times an id is handed on.
run until agreed within 1s
mark "2n - 1"
expect n8 role leader
expect n1 leader n8
expect no-id-goes-round-twice holds
expect trace 073dcae4323bbf32
