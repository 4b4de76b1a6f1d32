//! Values without duplicate names in objects, which implementations resolve differently.

use std::{cell::Cell, fmt, rc::Rc};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The maximum number of values in a YAML document, counting those of an alias each time.
const MAX_VALUES: usize = 5_000_000;

/// Reads a value.
#[derive(Clone)]
pub(crate) struct Strict {
    is_yaml: bool,
    count: Rc<Cell<usize>>,
}

impl Strict {
    pub(crate) fn json() -> Self {
        Strict { is_yaml: false, count: Rc::default() }
    }

    pub(crate) fn yaml() -> Self {
        Strict { is_yaml: true, count: Rc::default() }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count.set(self.count.get() + 1);
        if self.is_yaml && self.count.get() > MAX_VALUES {
            return Err(D::Error::custom(format_args!("its aliases stand for more than {MAX_VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("JSON has no infinite numbers and no NaN"))?;
        Ok(number.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self.clone())? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        // In YAML, a name such as `200` need not be in quotes.
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            if self.is_yaml && name == "<<" {
                return Err(A::Error::custom("merge keys (`<<`) are not part of YAML 1.2; repeat the fields"));
            }
            let value = access.next_value_seed(self.clone())?;
            members.insert(name, value);
        }
        Ok(members.into())
    }
}
