lab saga seed=1 rate=0 no_courier=0%
request c1 order 2
cut bank > shop
run until note charges within 1s
run 50ms
mark "charged, and the answer is lost"
heal
run until note asks-again within 1s
run until note known within 1s
mark "the bank knows the order, and charges nothing more"
expect bank paid 20
run until done within 1s
expect bank paid 20
expect money-is-neither-made-nor-lost holds
expect trace 965524a769e3f82d
