//! What is special about Paxos.
