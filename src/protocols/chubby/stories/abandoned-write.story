# c2 writes, and its session ends before the cache of c1, which nobody reaches, has answered. The next write waits for c1 all the same.
lab chubby seed=353 replicas=3 writes=4 read=20ms lease=1.2s loss=5.6847%
partition n2 | n1 n3 r1 c1 c2 c3
run 240ms
partition c2 | n1 n2 n3 r1 c1 c3
run until note released
partition c3 | n1 n2 n3 r1 c1 c2
run until note safe
partition c2 | n1 n2 n3 r1 c1 c3
run until note freed
partition c1 | n1 n2 n3 r1 c2 c3
run until 5s
expect no-cache-is-read-stale holds
expect trace 7e3f1679d82d389a
