lab counter
