//! Messages: typed inside a protocol, erased on the wire of the world.

use super::digest::Digest;
use super::fact::Facts;
use super::fingerprint::Fingerprint;
use super::renaming::Renaming;
use std::any::Any;
use std::hash::Hash;
use std::rc::Rc;

/// What the engines of one lab say to each other. A message is a noun phrase: `VoteRequest`.
pub trait Message: Hash + 'static {
    /// The names of the kinds; [`Message::kind`] is an index into it (at most 16).
    const KINDS: &'static [&'static str];

    /// Which of [`Message::KINDS`] this one is.
    fn kind(&self) -> u8;

    /// Its fields, in the order of the paper.
    fn facts(&self, facts: &mut Facts);

    /// The same message in a world whose nodes have other names. `None` where the lab does not
    /// offer that; see [`super::Engine::renamed`].
    fn renamed(&self, _names: &Renaming) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }
}

/// A message whose type the world does not know.
pub trait AnyMessage: Any {
    /// See [`Message::kind`].
    fn kind(&self) -> u8;
    /// See [`Message::facts`].
    fn facts(&self, facts: &mut Facts);
    /// Takes the whole content into the hash of a trace.
    fn digest(&self, digest: &mut Digest);
    /// Takes the whole content into the hash of a state.
    fn print(&self, print: &mut Fingerprint);
    /// See [`Message::renamed`].
    fn renamed(&self, names: &Renaming) -> Option<Parcel>;
}

impl<M: Message> AnyMessage for M {
    fn kind(&self) -> u8 {
        Message::kind(self)
    }

    fn facts(&self, facts: &mut Facts) {
        Message::facts(self, facts);
    }

    fn digest(&self, digest: &mut Digest) {
        self.hash(digest);
    }

    fn print(&self, print: &mut Fingerprint) {
        self.hash(print);
    }

    fn renamed(&self, names: &Renaming) -> Option<Parcel> {
        Some(Rc::new(Message::renamed(self, names)?))
    }
}

/// A message on its way: shared, never changed.
pub type Parcel = Rc<dyn AnyMessage>;

/// Wraps a message for the wire.
#[must_use]
pub fn parcel<M: Message>(message: M) -> Parcel {
    Rc::new(message)
}

/// The message inside, if it is of this type.
#[inline]
#[must_use]
pub fn typed<M: Message>(parcel: &dyn AnyMessage) -> Option<&M> {
    (parcel as &dyn Any).downcast_ref()
}
