lab counter seed=2 clients=1
rule answer-what-is-on-disk off
run until writing s1
kill s1
run until violated no-acknowledged-add-is-lost
expect no-acknowledged-add-is-lost violated
