lab counter seed=1 clients=2 rate=0
# The article gives its counter a time to live. It counts right until that is over.
rule no-expiry off
request c1 add
run until note acknowledged within 1s
request c2 add
run until answered within 1s
expect exact
run until note expired within 3s
mark "forgotten"
expect no-acknowledged-add-is-lost violated
# It reads nothing, though two adds are acknowledged: no order of the operations explains that.
request c2 read
run until answered within 1s
expect clients-linearizable violated
request c1 add
run until answered within 1s
# It begins anew: three were acknowledged, and the count is 1.
expect s1 counts "count 1"
expect too-few
expect trace b9bba847d264f6aa
