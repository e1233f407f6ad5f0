//! What grows by one again and again.

/// Puts a value behind the last one, made where it stays. [`Vec::push`] may have to ask for memory when the value is
/// there already, and keeps it in memory for that; copied from there at once, it has to be waited for, because it was
/// written in pieces. That was 6 % of the simulator's time.
#[inline(always)]
pub(crate) fn append<T>(list: &mut Vec<T>, make: impl FnOnce() -> T) {
    if list.len() == list.capacity() {
        return grow(list, make());
    }
    list.push(make());
}

#[cold]
#[inline(never)]
fn grow<T>(list: &mut Vec<T>, value: T) {
    list.push(value);
}
