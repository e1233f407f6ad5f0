lab raftkill n1
run 1ms

mark "ab"
