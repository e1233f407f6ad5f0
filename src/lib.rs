//! Splitbrain: real protocol engines in one deterministic world, to be broken by hand.
