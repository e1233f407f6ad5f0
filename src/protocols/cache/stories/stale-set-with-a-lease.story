lab cache seed=1 clients=2 rate=0
# The same. The delete has voided the lease of c1, and what it brings is not taken.
request c2 put k1=old
run until answered within 1s
request c1 get k1
run until message Value within 1s
hold Set c1>m1 #1
request c2 put k1=new
run until note nothing-to-delete within 1s
run until note acknowledged within 1s
release Set c1>m1 #1
run until note refused within 1s
expect m1 kept 0
request c2 get k1
run until answered within 1s
expect c2 read new
expect the-cache-keeps-nothing-older-than-an-acknowledged-write holds
expect trace 1905dedfbbbccbe7
