lab saga seed=1 rate=0 no_courier=0%
rule steps-are-idempotent off
request c1 order 2
cut stock > shop
run until note reserves within 1s
run 50ms
heal
run until note does-again within 1s
mark "asked twice, done twice"
expect stock-plus-reserved-plus-sold-never-changes violated
expect stock free 196
expect stock reserved 2
expect trace 917b0de0b3f97995
