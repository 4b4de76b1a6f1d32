//! Collects the input of any serde format as a tree, including duplicate names.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::{
    number::Number,
    syntax::{MAX_DEPTH, SyntaxError},
    tree::{Token, Tree},
};

impl<'de> Tree<'de> {
    /// Collects a value with at most `depth` objects and arrays around it.
    pub(crate) fn collect<D: Deserializer<'de>>(deserializer: D, depth: u32) -> Result<Self, D::Error> {
        let mut tree = Tree::new();
        Collect { tree: &mut tree, depth, announced: None }.deserialize(deserializer)?;
        Ok(tree)
    }
}

/// With the feature `arbitrary_precision` of `serde_json`, a number is represented as an object with this single name.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// Adds a value to a [`Tree`].
struct Collect<'c, 'de> {
    tree: &'c mut Tree<'de>,
    depth: u32,
    /// The start of an object whose name announces that an owned string is the text of a number.
    announced: Option<usize>,
}

impl Collect<'_, '_> {
    /// The depth of the content of an array or object.
    fn below<E: de::Error>(&self) -> Result<u32, E> {
        if self.depth == MAX_DEPTH { Err(E::custom(SyntaxError::Depth)) } else { Ok(self.depth + 1) }
    }

    /// Marks an array or object as not being a number, so that the object whose name announced one counts toward the
    /// depth.
    fn enter<E: de::Error>(&mut self) -> Result<(), E> {
        if self.announced.take().is_some() {
            self.depth = self.below()?;
        }
        Ok(())
    }

    fn push_spelled<E: de::Error>(self, spelling: &str) -> Result<(), E> {
        let number = Number::parse(spelling).map_err(E::custom)?;
        self.tree.push(Token::Number(number));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Collect<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_, 'de> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.tree.push(Token::Null);
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.tree.push(Token::Null);
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.tree.push(Token::Boolean(value));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.tree.push(Token::Number(Number::Unsigned(value)));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.tree.push(Token::Number(Number::signed(value)));
        Ok(())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<(), E> {
        self.push_spelled(&value.to_string())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<(), E> {
        self.push_spelled(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        if value.is_finite() {
            self.tree.push(Token::Number(Number::real(value)));
            return Ok(());
        }
        Err(E::custom(SyntaxError::NumberRange))
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.tree.push_copy(value);
        Ok(())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<(), E> {
        let value = Zeroizing::new(value);
        match self.announced {
            None => self.visit_str(&value),
            Some(object) => {
                self.tree.truncate(object);
                self.push_spelled(&value)
            }
        }
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        self.tree.push(Token::Lent(value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        self.enter()?;
        let depth = self.below()?;
        let array = self.tree.open();
        while access.next_element_seed(Collect { tree: self.tree, depth, announced: None })?.is_some() {}
        self.tree.close(array, Token::Array);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<(), A::Error> {
        self.enter()?;
        let object = self.tree.open();
        while let Some(is_number_token) = access.next_key_seed(Name(self.tree))? {
            let announced = (is_number_token && self.tree.size() == object + 2).then_some(object);
            // A number that is represented as an object does not count toward the depth.
            let depth = if announced.is_some() { self.depth } else { self.below()? };
            access.next_value_seed(Collect { tree: self.tree, depth, announced })?;
            let number_took_its_place = self.tree.size() == object + 1;
            if number_took_its_place {
                return Ok(());
            }
        }
        self.below::<A::Error>()?;
        self.tree.close(object, Token::Object);
        Ok(())
    }
}

/// Adds a name to a [`Tree`].
///
/// Returns whether it announces a number. In that case the deserializer lends the name for the lifetime of the input
/// and passes the text as an owned string. `serde_json` never does both for an ordinary name and string.
struct Name<'c, 'de>(&'c mut Tree<'de>);

impl<'de> DeserializeSeed<'de> for Name<'_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'_, 'de> {
    type Value = bool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field name")
    }

    fn visit_str<E>(self, value: &str) -> Result<bool, E> {
        self.0.push_copy(value);
        Ok(false)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<bool, E> {
        self.visit_str(&Zeroizing::new(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<bool, E> {
        self.0.push(Token::Lent(value));
        Ok(value == NUMBER_TOKEN)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::{IntoDeserializer as _, value};

    use super::*;

    /// The tokens whose text was copied by the tree.
    fn copied(tree: &Tree<'_>) -> Vec<bool> {
        tree.tokens().iter().map(|token| matches!(token, Token::Copied(_))).collect()
    }

    #[test]
    fn only_text_that_is_not_lent_is_copied() {
        let text = r#"{"lent":"lent","\u0063opied":["copied\n",true]}"#;
        let lent = Tree::collect(&mut serde_json::Deserializer::from_str(text), 0).expect("valid JSON");
        assert_eq!(copied(&lent), [false, false, false, true, false, true, false]);
        let read = Tree::collect(&mut serde_json::Deserializer::from_reader(text.as_bytes()), 0).expect("valid JSON");
        assert_eq!(copied(&read), [false, true, true, true, false, true, false]);
    }

    /// Its own buffer is wiped afterwards.
    #[test]
    fn an_owned_string_is_copied() {
        let owned: value::StringDeserializer<value::Error> = String::from("SECRET").into_deserializer();
        let tree = Tree::collect(owned, 0).expect("a string");
        assert_eq!(copied(&tree), [true]);
    }
}
