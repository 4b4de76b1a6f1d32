//! The macro `contract!`.

/// Defines a contract: its documents, the parts that can be read on their own, and the fields that hold secrets.
/// Documents implement [`Document`](crate::Document). Documents and parts implement `Deserialize`, which checks the rules
/// in any format.
macro_rules! contract {
    (
        $(#[doc = $doc:literal])+
        $vis:vis $name:ident,
        documents $($document:ty),+;
        parts $($part:ty),+;
        secrets $($secret:expr),+;
    ) => {
        $(#[doc = $doc])+
        $vis const $name: &$crate::model::Contract = &$crate::model::Contract {
            secrets: {
                const NAMES: &[&str] = &[$($secret.name),+];
                $crate::model::Secrets(NAMES)
            },
            part_depth: {
                let mut deepest = 0;
                $(
                    let depth = <$document>::OBJECT.part_depth();
                    deepest = if depth > deepest { depth } else { deepest };
                )+
                deepest
            },
        };

        $(
            impl $crate::reader::Document for $document {
                const OBJECT: &'static $crate::model::Object = <$document>::OBJECT;
                const CONTRACT: &'static $crate::model::Contract = $name;
            }

            $crate::macros::deserialize!($document, $name, 0);
        )+
        $($crate::macros::deserialize!($part, $name, $name.part_depth);)+
    };
}

macro_rules! deserialize {
    ($type:ty, $contract:expr, $depth:expr) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::reader::deserialize(deserializer, $contract, $depth)
            }
        }
    };
}

pub(crate) use {contract, deserialize};
