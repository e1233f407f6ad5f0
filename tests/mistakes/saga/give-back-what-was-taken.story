lab saga seed=7 customers=1
rule give-back-what-was-taken off
loss 30%
run until violated money-is-neither-made-nor-lost
expect money-is-neither-made-nor-lost violated
