lab saga seed=1 rate=0 no_courier=0%
rule no-way-back-from-the-last-step off
request c1 order 2
run until note ships within 1s
cut stock > shop
run until note gives-up within 3s
heal
run until violated nothing-is-sent-that-is-not-paid within 1s
mark "the goods are sent, and the money is back"
expect stock sold 2
expect bank paid 0
expect trace 6567d9d5fbb8f99a
