//! Text that is wiped before its memory is freed.

use zeroize::Zeroize as _;

/// Strings in a single buffer. The buffer is wiped on drop and before it grows, so that freed memory never contains the
/// text.
#[derive(Default)]
pub(super) struct Arena(String);

/// The range of a string in its [`Arena`].
#[derive(Clone, Copy)]
pub(super) struct Slice {
    start: usize,
    end: usize,
}

/// The minimum capacity of the first buffer.
const FIRST_CAPACITY: usize = 128;

impl Arena {
    pub(super) fn push(&mut self, text: &str) -> Slice {
        let start = self.0.len();
        let end = start + text.len();
        if end > self.0.capacity() {
            drop(self.grow(end));
        }
        self.0.push_str(text);
        Slice { start, end }
    }

    pub(super) fn get(&self, Slice { start, end }: Slice) -> &str {
        &self.0[start..end]
    }

    /// Moves the text to a larger buffer. Returns the old one, wiped.
    #[cold]
    fn grow(&mut self, needed: usize) -> Self {
        let mut larger = String::with_capacity(needed.max(self.0.capacity() * 2).max(FIRST_CAPACITY));
        larger.push_str(&self.0);
        self.wipe();
        std::mem::replace(self, Arena(larger))
    }

    /// Overwrites the text with zeros. The rest of the buffer was never written, since text is only ever appended.
    fn wipe(&mut self) {
        self.0.as_mut_str().zeroize();
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_wiped(arena: &Arena, length: usize) -> bool {
        arena.0.len() == length && arena.0.bytes().all(|byte| byte == 0)
    }

    #[test]
    fn a_buffer_is_wiped_in_place() {
        let mut arena = Arena::default();
        arena.push("SECRET");
        arena.push("ключ");
        arena.wipe();
        assert!(is_wiped(&arena, "SECRETключ".len()), "{:?}", arena.0);
    }

    #[test]
    fn a_buffer_that_is_outgrown_is_wiped() {
        let mut arena = Arena::default();
        let slice = arena.push("SECRET");
        let outgrown = arena.grow(1);
        assert!(is_wiped(&outgrown, "SECRET".len()), "{:?}", outgrown.0);
        assert_eq!(arena.get(slice), "SECRET");
        assert_eq!(arena.0.capacity(), 2 * FIRST_CAPACITY);
    }

    /// A reallocation by `String` would leave the old buffer unwiped.
    #[test]
    fn a_buffer_moves_only_by_growing() {
        let mut arena = Arena::default();
        let lengths = [0, 1, FIRST_CAPACITY, 3, 10_000, 0, 1];
        let slices = lengths.map(|length| {
            let capacity = arena.0.capacity();
            let slice = arena.push(&"x".repeat(length));
            assert!(arena.0.capacity() == capacity || arena.0.capacity() >= 2 * capacity);
            slice
        });
        for (length, slice) in lengths.into_iter().zip(slices) {
            assert_eq!(arena.get(slice).len(), length);
        }
    }
}
