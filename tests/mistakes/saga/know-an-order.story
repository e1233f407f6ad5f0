lab saga seed=4 customers=1
rule know-an-order off
loss 10%
run until violated an-order-ends-once
expect an-order-ends-once violated
