lab cache seed=2 clients=1
rule answer-what-is-on-disk off
run until writing s1
kill s1
run until violated no-acknowledged-write-is-lost
expect no-acknowledged-write-is-lost violated
