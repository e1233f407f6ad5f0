lab saga seed=9 customers=1 stock=3 no_courier=50% latency_min=100ms disk_max=30ms
rule remember-refusals off
run until violated a-compensated-order-holds-nothing
expect a-compensated-order-holds-nothing violated
