lab state-lock
