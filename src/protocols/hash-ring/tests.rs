//! What is special about the ring.
