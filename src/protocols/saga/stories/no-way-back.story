lab saga seed=1 rate=0 no_courier=0%
request c1 order 2
run until note ships within 1s
cut stock > shop
mark "the goods are on their way, and the order service does not hear of it"
run until note last-step-again within 3s
run 2s
expect shop open "1.1"
heal
run until done within 1s
expect bank paid 20
expect nothing-is-sent-that-is-not-paid holds
expect trace e141b1f8393b33b5
