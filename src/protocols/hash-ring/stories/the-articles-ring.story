lab hash-ring seed=1 rate=0
# The class of the article: it draws random nodes, gives each drawn one a place by its name alone, and looks a key up by
# comparing hashes as texts. A node may never be drawn; and no text of a hash contains another.
run 100ms
request c1 put k1=1
run until answered within 2s
rule points-by-name-and-number off
request c1 get k1
run until note no-node within 1s
mark "nobody has it"
run until note gave-up within 1s
expect each-key-has-its-owners violated
rule points-by-name-and-number on
request c1 get k1
run until answered within 2s
expect c1 read 1
expect trace 8807b845cda3a999
