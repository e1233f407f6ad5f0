//! What is special about the polled lock.
