lab bully seed=1
rule answer-while-electing off
kill n5
run until violated nobody-takes-the-lead-over-a-higher-live-node
expect nobody-takes-the-lead-over-a-higher-live-node violated
