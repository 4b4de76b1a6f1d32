//! The values that a description lists: after a colon, in a sentence, or as list items.

use super::prose::Block;

/// The values that a field may have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Vocabulary {
    pub(super) values: Vec<String>,
    /// Whether the page calls them examples.
    pub(super) is_open: bool,
}

regex! {
    // After a colon, the list may have any texts.
    INTRODUCED = r"(?i)\b(?:(?:one|any|some|either|all) of(?: (?:the|these))?(?: [a-z]+){0,2}|(?:allowed|possible|valid|supported|accepted|permitted|available|legal)(?: [a-z]+){1,2}|values|options|choices|enum|choose (?:from|between))\s*:";
    // The list must have single words, because this phrase also occurs in other sentences.
    PHRASED = r"(?i)\b(?:one of|any of|either|(?:allowed|possible|valid|supported|accepted|permitted|available|legal)(?: [a-z]+){1,2} (?:are|include)|choose (?:from|between)|accepts)\s+";
    SAMPLED = r"(?i)(?:\be\.\s?g\.?|\bfor (?:example|instance)|\bsuch as|\bexamples?|\blike|\bincluding)[,:]?\s*";
    LITERALS = "(?:\"[^\"\\n]+\"|`[^`\\n]+`|'[^'\\n]+')(?:\\s*(?:\\([^)]*\\))?\\s*(?:,|/|\\||;|\\bor\\b|\\band\\b)(?:\\s*(?:or|and)\\b)?\\s*(?:\"[^\"\\n]+\"|`[^`\\n]+`|'[^'\\n]+'))+";
    PIPED = r"[\w.:-]+(?:\s*\|\s*[\w.:-]+)+";
    END = r"\.(?:\s|$)|\)";
    BETWEEN = r"(?i)\s*[,;|\n]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+|\s+/\s+";
    ASIDE = r"\s*\([^)]*\)";
    // The value of an item and its meaning.
    ITEM = "^(?:\"([^\"]+)\"|`([^`]+)`|'([^']+)'|(\\S+?))(?:\\s*$|\\s+[-–—(].*$|\\s*:\\s.*$|\\s*[.,;]$)";
    VALUE = "^(?:\"[^\"]+\"|`[^`]+`|'[^']+'|[^\\s\"`']+)$";
}

/// The vocabulary of a description. For text (`is_text`), this includes lists without an introduction.
pub(super) fn vocabulary(blocks: &[Block], is_text: bool) -> Option<Vocabulary> {
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| !block.is_item) {
        let items: Vec<_> =
            blocks[index + 1..].iter().take_while(|block| block.is_item).map(|item| &*item.text).collect();
        if let Some(found) = in_text(&block.text) {
            return Some(found);
        }
        let is_introduced =
            INTRODUCED.find_iter(&block.text).last().is_some_and(|found| found.end() == block.text.len());
        let values: Vec<_> = items.iter().filter_map(|item| value_of(item)).collect();
        let is_list = values.len() == items.len() && !items.is_empty() && is_text;
        if is_list || is_introduced && !items.is_empty() {
            let values = items.iter().map(|item| value_of(item).unwrap_or_else(|| (*item).to_owned())).collect();
            let is_open = !is_introduced && SAMPLED.is_match(last_sentence(&block.text));
            return Some(Vocabulary { values, is_open });
        }
    }
    let items = blocks.iter().filter(|block| block.is_item);
    let values: Option<Vec<_>> = items.map(|item| value_of(&item.text)).collect();
    let is_alone = is_text && blocks.iter().all(|block| block.is_item);
    values.filter(|values| is_alone && !values.is_empty()).map(|values| Vocabulary { values, is_open: false })
}

/// The values that a paragraph lists.
fn in_text(text: &str) -> Option<Vocabulary> {
    let introduced = INTRODUCED.find_iter(text).flat_map(|found| split(&text[found.end()..]));
    let values: Vec<_> = introduced.map(|value| unquoted(&value).to_owned()).collect();
    if !values.is_empty() {
        return Some(Vocabulary { values, is_open: false });
    }
    for (phrase, is_open) in [(&*PHRASED, false), (&*SAMPLED, true)] {
        for found in phrase.find_iter(text) {
            let values = split(&text[found.end()..]);
            if values.len() > 1 && values.iter().all(|value| VALUE.is_match(value)) {
                return Some(Vocabulary {
                    values: values.iter().map(|value| unquoted(value).to_owned()).collect(),
                    is_open,
                });
            }
        }
    }
    let found = LITERALS.find(text).or_else(|| PIPED.find(text))?;
    let is_open = SAMPLED.is_match(last_sentence(&text[..found.start()]));
    let values = split(found.as_str()).iter().map(|value| unquoted(value).to_owned()).collect();
    Some(Vocabulary { values, is_open })
}

/// The values up to the end of the sentence. Values may contain periods.
fn split(list: &str) -> Vec<String> {
    let list = ASIDE.replace_all(list, "");
    let end = END.find(&list).map_or(list.len(), |end| end.start());
    let values = BETWEEN.split(&list[..end]).map(|value| value.trim().trim_start_matches("or "));
    values.filter(|value| !value.is_empty() && *value != "null").map(str::to_owned).collect()
}

fn value_of(item: &str) -> Option<String> {
    let found = ITEM.captures(item.trim())?;
    (1..=4).find_map(|group| found.get(group)).map(|value| value.as_str().to_owned())
}

fn unquoted(value: &str) -> &str {
    value.trim_matches(['"', '`', '\'']).trim()
}

fn last_sentence(text: &str) -> &str {
    let start = ["? ", "! ", ".\n"].iter().filter_map(|end| text.rfind(end)).max().map_or(0, |at| at + 1);
    &text[start..]
}
