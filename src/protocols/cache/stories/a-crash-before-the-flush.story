lab cache seed=1 mode=write-back clients=1 rate=0 flush=1s
# The same crash. The cache comes up with what is on its disk, and writes it back.
request c1 put k1=red
run until answered within 1s
kill m1
run 500ms
restart m1
run until note recovered within 1s
request c1 get k1
run until answered within 2s
expect c1 read red
run until note flushed within 3s
expect no-acknowledged-write-is-lost holds
expect trace 60b333a071a9e7cd
