lab cache seed=1 clients=2 rate=0 ttl=1s
# The same, and nothing ever expires: the old value is told for as long as somebody asks for it.
rule expire-by-ttl off
request c2 put k1=old
run until answered within 1s
request c2 get k1
run until note brought within 1s
request c1 put k1=new
run until note writes within 1s
kill c1
run 1500ms
request c2 get k1
run until violated no-hit-is-older-than-the-time-to-live within 1s
run until answered within 1s
expect c2 read old
expect trace 5cef00370b0d1deb
