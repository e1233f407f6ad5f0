# The master and one other replica are cut off from the rest. It has no majority any more, so its own
# lease is not renewed: it stops answering by its own clock, before the others, who gave it their word,
# may elect another.
lab chubby seed=1 clients=3 rest=0ms hold=300ms writes=4 lease=1.2s grace=4.5s lock_delay=1s request_timeout=400ms
run until connected within 5s
request c1 lock
run until note work-begun within 2s
partition n1 n2 c1 | n3 n4 n5 c2 c3
run until note master-lease-over within 1s
mark "the old master serves nobody any more"
run until note in-office within 3s
mark "and a new one has begun"
request c2 lock
run until note jeopardy within 3s
run until note lock-delayed within 5s
run until note work-begun within 4s
expect c2 state holder
heal
run until all-idle within 20s
expect "one grant at a time" holds
expect "one believer at a time" holds
expect "no older write is accepted" holds
expect trace 43fd121e6dbdec0f
