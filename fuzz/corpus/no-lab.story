run 1s
