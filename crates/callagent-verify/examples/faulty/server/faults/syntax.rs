//! Texts that are not JSON are accepted.

use super::super::text;
use super::{Fault, repair};

pub(super) const FAULTS: &[Fault] = &[
    repair(("accepts-trailing-text", "Ignores what follows the document."), text::first_document),
    repair(("accepts-trailing-commas", "Accepts a comma before a closing bracket."), text::without_trailing_commas),
    repair(("accepts-comments", "Accepts comments."), text::without_comments),
    repair(("accepts-byte-order-mark", "Accepts a byte-order mark."), text::without_bom),
    repair(("accepts-invalid-utf8", "Replaces invalid UTF-8."), text::lossy),
    repair(("accepts-lone-surrogates", "Replaces lone surrogates."), text::without_surrogates),
    repair(("accepts-nan", "Accepts NaN and infinities."), text::without_nan),
    repair(("accepts-infinite-numbers", "Accepts a number beyond the range of a double."), text::saturated),
    repair(("accepts-leading-zeros", "Accepts numbers with leading zeros."), text::without_leading_zeros),
    repair(("accepts-control-characters", "Accepts control characters in strings."), text::with_escaped_controls),
    repair(("accepts-single-quotes", "Accepts strings in single quotes."), text::with_double_quotes),
    repair(("accepts-unclosed-brackets", "Closes what a cut text leaves open."), text::closed),
    repair(("accepts-empty-body", "Reads an empty body as an update that changes nothing."), text::minimal_if_empty),
    repair(("accepts-depth-128", "Accepts objects and arrays nested 128 deep."), text::flattened),
];
