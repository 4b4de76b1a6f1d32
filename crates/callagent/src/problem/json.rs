//! Problems in JSON.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap as _};

use super::{ABOUT_BLANK, Problem};
use crate::report::{Members, put};

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.r#type)?;
        put(&mut map, "title", self.title.as_ref())?;
        put(&mut map, "status", self.status)?;
        put(&mut map, "detail", self.detail.as_ref())?;
        put(&mut map, "violations", Some(&self.violations).filter(|violations| !violations.is_empty()))?;
        put(&mut map, "truncated", Some(true).filter(|_| self.truncated))?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Problem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::deserialize(deserializer)?;
        Ok(Problem {
            r#type: members.text("type").unwrap_or_else(|| ABOUT_BLANK.to_owned()),
            title: members.text("title"),
            status: members.number("status"),
            detail: members.text("detail"),
            truncated: members.flag("truncated") == Some(true),
            violations: members.findings("violations"),
        })
    }
}
