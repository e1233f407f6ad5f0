//! What is special about the counter.
