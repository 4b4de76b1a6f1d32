//! The input of a serde format as a flat list of tokens, and a cursor over it.

use std::{borrow::Cow, iter::successors};

use super::{
    arena::{Arena, Slice},
    number::Number,
    source::{Halt, Kind, Name, Source},
    syntax::{Malformed, SyntaxError},
    write,
};

/// A value of a serde format, as a list of tokens.
///
/// # Wiping
/// A string may be an API key. The tree copies strings and names that the deserializer does not lend for the lifetime
/// of the input, such as strings with escapes or all strings from a reader. The copies are wiped when the tree is
/// dropped or moves them to a larger buffer, even if deserializing fails halfway. An owned `String` is wiped as soon as
/// it is copied. The input, the buffers of the deserializer, and byte arrays, which are rejected, are not wiped.
pub(crate) struct Tree<'de> {
    tokens: Vec<Token<'de>>,
    copies: Arena,
}

/// A scalar, a field name, or the beginning of an array or object.
#[derive(Clone, Copy)]
pub(crate) enum Token<'de> {
    Null,
    Boolean(bool),
    Number(Number),
    /// A string or name lent by the deserializer.
    Lent(&'de str),
    /// A string or name copied by the tree.
    Copied(Slice),
    /// An array, with the index of the token after it.
    Array(usize),
    /// An object of names, each followed by its value, with the index of the token after the object.
    Object(usize),
}

/// Most documents have no more tokens than this.
const USUAL_SIZE: usize = 32;

impl<'de> Tree<'de> {
    pub(super) fn new() -> Self {
        Tree { tokens: Vec::new(), copies: Arena::default() }
    }

    #[cfg(test)]
    pub(super) fn tokens(&self) -> &[Token<'de>] {
        &self.tokens
    }

    /// Returns the number of tokens.
    pub(super) fn size(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn push(&mut self, token: Token<'de>) {
        self.tokens.push(token);
    }

    pub(super) fn push_copy(&mut self, text: &str) {
        let copy = self.copies.push(text);
        self.push(Token::Copied(copy));
    }

    /// Begins an array or object. Returns its index.
    pub(super) fn open(&mut self) -> usize {
        let opened = self.size();
        if opened == 0 {
            self.tokens.reserve(USUAL_SIZE);
        }
        self.push(Token::Null);
        opened
    }

    /// Ends the array or object at an index.
    pub(super) fn close(&mut self, opened: usize, token: fn(usize) -> Token<'de>) {
        let end = self.size();
        self.tokens[opened] = token(end);
    }

    /// Removes the tokens from an index on.
    pub(super) fn truncate(&mut self, size: usize) {
        self.tokens.truncate(size);
    }

    pub(crate) fn cursor(&self) -> Cursor<'_, 'de> {
        Cursor { tree: self, position: 0, stopped: Malformed { offset: 0, reason: SyntaxError::NotJson } }
    }

    fn text(&self, index: usize) -> Option<&str> {
        match self.tokens.get(index)? {
            Token::Lent(text) => Some(text),
            Token::Copied(slice) => Some(self.copies.get(*slice)),
            _ => None,
        }
    }

    /// Returns the index after the value at an index.
    fn after(&self, index: usize) -> usize {
        match self.tokens.get(index) {
            Some(&(Token::Array(end) | Token::Object(end))) => end,
            _ => index + 1,
        }
    }

    /// Writes the value at an index as JSON text.
    fn write(&self, index: usize, out: &mut String) {
        let first = index + 1;
        match self.tokens[index] {
            Token::Null => out.push_str("null"),
            Token::Boolean(value) => write::boolean(value, out),
            Token::Number(value) => write::number(value, out),
            Token::Lent(text) => write::string(text, out),
            Token::Copied(slice) => write::string(self.copies.get(slice), out),
            Token::Array(end) => {
                let items = successors(Some(first), |item| Some(self.after(*item))).take_while(|item| *item < end);
                write::list(['[', ']'], end - first, items, out, |item, out| self.write(item, out));
            }
            Token::Object(end) => {
                let names = successors(Some(first), |name| Some(self.after(name + 1))).take_while(|name| *name < end);
                write::list(['{', '}'], end - first, names, out, |name, out| self.write_member(name, out));
            }
        }
    }

    /// Writes the name at an index and its value as JSON text.
    fn write_member(&self, name: usize, out: &mut String) {
        write::name(self.text(name).expect("a value follows its name"), out);
        self.write(name + 1, out);
    }
}

/// A cursor over a [`Tree`]. Its positions are the indices of tokens, so that reports have the same order as for text.
pub(crate) struct Cursor<'t, 'de> {
    tree: &'t Tree<'de>,
    position: usize,
    stopped: Malformed,
}

impl<'t, 'de> Cursor<'t, 'de> {
    #[inline]
    fn token(&self) -> Option<&'t Token<'de>> {
        self.tree.tokens.get(self.position)
    }

    /// Fails because the next value is not the one that `peek` returned.
    #[cold]
    fn fail<T>(&mut self) -> Result<T, Halt> {
        self.stopped.offset = self.position;
        Err(Halt)
    }

    /// Consumes a token if it has a value of the wanted type.
    #[inline]
    fn take<T>(&mut self, value: Option<T>) -> Result<T, Halt> {
        match value {
            Some(value) => {
                self.position += 1;
                Ok(value)
            }
            None => self.fail(),
        }
    }
}

impl<'t> Source<'t> for Cursor<'t, '_> {
    #[inline]
    fn peek(&mut self) -> Result<Kind, Halt> {
        match self.token() {
            Some(Token::Null) => Ok(Kind::Null),
            Some(Token::Boolean(_)) => Ok(Kind::Boolean),
            Some(Token::Number(_)) => Ok(Kind::Number),
            Some(Token::Lent(_) | Token::Copied(_)) => Ok(Kind::String),
            Some(Token::Array(_)) => Ok(Kind::Array),
            Some(Token::Object(_)) => Ok(Kind::Object),
            None => self.fail(),
        }
    }

    fn position(&self) -> usize {
        self.position
    }

    fn malformed(&self) -> Malformed {
        self.stopped
    }

    fn raw(&self, start: usize) -> Cow<'_, str> {
        let mut out = String::new();
        self.tree.write(start, &mut out);
        out.into()
    }

    fn entry(&self, name: &Name<'t>) -> Cow<'_, str> {
        let mut out = String::new();
        self.tree.write_member(name.start, &mut out);
        out.into()
    }

    #[inline]
    fn null(&mut self) -> Result<(), Halt> {
        self.skip()
    }

    #[inline]
    fn boolean(&mut self) -> Result<bool, Halt> {
        self.take(if let Some(Token::Boolean(value)) = self.token() { Some(*value) } else { None })
    }

    #[inline]
    fn number(&mut self) -> Result<Number, Halt> {
        self.take(if let Some(Token::Number(value)) = self.token() { Some(*value) } else { None })
    }

    #[inline]
    fn string(&mut self) -> Result<Cow<'t, str>, Halt> {
        self.take(self.tree.text(self.position).map(Cow::Borrowed))
    }

    #[inline]
    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Halt>) -> Result<(), Halt> {
        let Some(&Token::Array(end)) = self.token() else { return self.fail() };
        self.position += 1;
        while self.position < end {
            item(self)?;
        }
        Ok(())
    }

    #[inline]
    fn object_with_keys(
        &mut self,
        _: impl Fn(&[u8]) -> Option<&'static str>,
        mut field: impl FnMut(&mut Self, Name<'t>) -> Result<(), Halt>,
    ) -> Result<(), Halt> {
        let Some(&Token::Object(end)) = self.token() else { return self.fail() };
        self.position += 1;
        while self.position < end {
            let start = self.position;
            let text = self.string()?;
            field(self, Name { text, start, end: self.position })?;
        }
        Ok(())
    }

    #[inline]
    fn skip_scalar(&mut self, _: Kind) -> Result<(), Halt> {
        self.skip()
    }

    #[inline]
    fn skip(&mut self) -> Result<(), Halt> {
        self.position = self.tree.after(self.position);
        Ok(())
    }
}
