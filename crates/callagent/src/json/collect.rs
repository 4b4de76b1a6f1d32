//! What any serde format holds, collected as a tree: repeated names and all.

use std::{cell::Cell, fmt};

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{
    number::Number,
    syntax::{MAX_DEPTH, Reason},
    tree::Tree,
};

impl Tree {
    /// Collects a value around which so many objects and arrays are to stand.
    pub(crate) fn collect<'de, D: Deserializer<'de>>(deserializer: D, depth: u32) -> Result<Self, D::Error> {
        Collect { depth, number: None }.deserialize(deserializer)
    }
}

/// With `serde_json`'s feature `arbitrary_precision` a number arrives as an object with this one name.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// Collects a [`Tree`].
#[derive(Clone, Copy)]
struct Collect<'n> {
    depth: u32,
    /// Set where an owned string is a number's spelling, to be told so.
    number: Option<&'n Cell<bool>>,
}

impl Collect<'_> {
    fn below<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(Reason::Depth));
        }
        Ok(Collect { depth: self.depth + 1, number: None })
    }

    /// An array or object counts below the object whose name announced a number in its place.
    fn no_number<E: de::Error>(self) -> Result<Self, E> {
        if self.number.is_some() { self.below() } else { Ok(self) }
    }
}

impl<'de> DeserializeSeed<'de> for Collect<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_> {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(Number::Unsigned(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(Number::signed(value)))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Tree, E> {
        Number::parse(&value.to_string()).map(Tree::Number).map_err(E::custom)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Tree, E> {
        Number::parse(&value.to_string()).map(Tree::Number).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Tree, E> {
        if value.is_finite() {
            return Ok(Tree::Number(Number::real(value)));
        }
        Err(E::custom(Reason::NumberRange))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::String(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Tree, E> {
        let Some(is_number) = self.number else { return Ok(Tree::String(value)) };
        is_number.set(true);
        Number::parse(&value).map(Tree::Number).map_err(E::custom)
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Tree, E> {
        Ok(Tree::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let below = self.no_number()?.below()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(below)? {
            items.push(item);
        }
        Ok(Tree::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Tree, A::Error> {
        let this = self.no_number()?;
        let mut fields = Vec::new();
        while let Some(NameToken { text, borrowed }) = access.next_key()? {
            let is_number = Cell::new(false);
            let value = if fields.is_empty() && borrowed && text == NUMBER_TOKEN {
                // The depth does not count for a number that arrives as an object.
                access.next_value_seed(Collect { number: Some(&is_number), ..this })?
            } else {
                access.next_value_seed(this.below()?)?
            };
            if is_number.get() {
                return Ok(value);
            }
            fields.push((text, value));
        }
        this.below()?;
        Ok(Tree::Object(fields))
    }
}

/// A name, and whether the deserializer lent it for as long as its input lives: the number's token is lent so, and
/// then its spelling is given away, which `serde_json` does with no object's own name and string.
struct NameToken {
    text: String,
    borrowed: bool,
}

impl<'de> Deserialize<'de> for NameToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = NameToken;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a field's name")
            }

            fn visit_str<E>(self, value: &str) -> Result<NameToken, E> {
                Ok(NameToken { text: value.to_owned(), borrowed: false })
            }

            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<NameToken, E> {
                Ok(NameToken { text: value.to_owned(), borrowed: true })
            }
        }

        deserializer.deserialize_str(Names)
    }
}
