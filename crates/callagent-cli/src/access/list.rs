//! `callagent access list`.

use std::io::Write;

use callagent::{WorkspaceId, tools::EscapeControl};
use callagent_server::AccessKeyRecord;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use crate::{database::DatabaseArguments, failure::Failure};

/// List the access keys, with those that have expired or are revoked. The keys themselves are not stored.
#[derive(Args)]
pub(super) struct Arguments {
    /// The workspace of the keys [default: all].
    #[arg(long, env = "CALLAGENT_WORKSPACE", value_name = "ID")]
    workspace: Option<WorkspaceId>,
    /// The format of the list.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table, for people.
    Human,
    /// A JSON array with an object per key.
    Json,
}

/// A key in the list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'r> {
    workspace: &'r str,
    name: &'r str,
    created_at: String,
    expires_at: Option<String>,
    revoked_at: Option<String>,
    state: &'static str,
}

pub(super) async fn run(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let store = arguments.database.open_existing()?;
    let records = store.access_keys(arguments.workspace.clone()).await.map_err(Failure::store)?;
    let now = Timestamp::now();
    let items: Vec<_> = records.iter().map(|record| item(record, now)).collect();
    let text = match arguments.format {
        Format::Human => table(&items),
        Format::Json => serde_json::to_string_pretty(&items).map_err(Failure::store)? + "\n",
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
}

fn item(record: &AccessKeyRecord, now: Timestamp) -> Item<'_> {
    let text = |time: Timestamp| format!("{time:.0}");
    Item {
        workspace: record.workspace.as_str(),
        name: record.name.as_str(),
        created_at: text(record.created_at),
        expires_at: record.expires_at.map(text),
        revoked_at: record.revoked_at.map(text),
        state: record.state(now).as_str(),
    }
}

fn table(items: &[Item<'_>]) -> String {
    let heading = ["WORKSPACE", "NAME", "STATE", "CREATED", "EXPIRES", "REVOKED"].map(str::to_owned);
    let or_dash = |time: &Option<String>| time.clone().unwrap_or_else(|| "-".to_owned());
    let rows: Vec<_> = std::iter::once(heading)
        .chain(items.iter().map(|item| {
            let [workspace, name] = [item.workspace, item.name].map(|text| EscapeControl(text).to_string());
            let times = [or_dash(&item.expires_at), or_dash(&item.revoked_at)];
            let [expires, revoked] = times;
            [workspace, name, item.state.to_owned(), item.created_at.clone(), expires, revoked]
        }))
        .collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<_> = (0..6).map(|column| width(column).unwrap_or_default()).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths);
        let line: String = cells.map(|(cell, width)| cell.clone() + &" ".repeat(width - cell.width() + 2)).collect();
        line.trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}
