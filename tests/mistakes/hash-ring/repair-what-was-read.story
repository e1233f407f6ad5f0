lab hash-ring seed=9 placement=maglev nodes=4 spares=0 keys=0 clients=3 latency_max=8ms
rule repair-what-was-read off
run until note acknowledged
kill n1
kill n2
restart n2
run until writing n4
kill n4
restart n4
restart n1
run until violated clients-linearizable
expect clients-linearizable violated
