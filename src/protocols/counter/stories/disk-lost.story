lab counter seed=1 clients=1 rate=0
# Outside of what is promised: the disk of the store is lost, and all that it counted with it.
request c1 add
run until answered within 1s
expect exact
wipe s1
restart s1
request c1 read
run until answered within 1s
expect c1 read 0
expect no-acknowledged-add-is-lost violated
expect too-few
expect clients-linearizable violated
expect trace 8fc30e39e8e8c06d
