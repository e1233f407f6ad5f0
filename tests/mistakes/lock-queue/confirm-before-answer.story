lab lock-queue seed=403 clients=1 latency_min=56ms latency_max=98ms
rule confirm-before-answer off
run until note work-begun
partition n2 | n1 n3 r1 c1
run until violated one-grant-at-a-time
expect one-grant-at-a-time violated
