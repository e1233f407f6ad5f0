lab bully seed=5
# n5 sleeps for half a second. To the others it is dead; when it wakes, it knows nothing of that, and leads on.
run until agreed within 1s
run 100ms
pause n5
run until note leads within 1s
expect n4 role leader
run 200ms
mark "n4 leads, n5 sleeps and believes to lead"
expect two-lead-only-while-an-announcement-travels violated
resume n5
run until note leads-above within 100ms
run until agreed within 200ms
expect n4 leader n5
expect nobody-takes-the-lead-over-a-higher-live-node violated
expect trace 647d6aed6ae16082
