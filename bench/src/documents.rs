//! The documents: valid updates of three sizes, built with the crate's types, and the same with flaws.

use callagent::{
    Days, ElevenLabsKey, FreeForm, Gap, Hours, LlmModel, SettingsUpdate, TtsProvider, TtsUpdate, UpdateAgent,
};
use serde_json::{Value, json};

use crate::{
    flaws::{self, Flaw},
    random::Random,
    tree::Tree,
};

/// Documents of one kind.
pub struct Set {
    pub name: &'static str,
    pub is_valid: bool,
    pub documents: Vec<Document>,
}

pub struct Document {
    pub text: String,
    /// The parsed document, for contestants that work on values. For duplicate names it has the last value.
    pub value: Value,
    /// The flaws, each of which is one violation.
    pub flaws: Vec<Flaw>,
}

impl Set {
    pub fn bytes(&self) -> usize {
        self.documents.iter().map(|document| document.text.len()).sum()
    }
}

type Make = fn(&mut Random) -> UpdateAgent;

/// All sets, valid and invalid.
pub fn sets(seed: u64) -> Vec<Set> {
    let sizes: [(_, _, _, Make); 3] = [
        ("realistic", 2_000, 300..=1_500, realistic),
        ("small", 2_000, 40..=120, small),
        ("large", 16, 50_000..=1_000_000, large),
    ];
    let mut sets = Vec::new();
    for (index, (name, count, bytes, make)) in sizes.into_iter().enumerate() {
        for is_valid in [true, false] {
            let mut random = Random::new(seed.wrapping_add(index as u64));
            let mut documents = Vec::with_capacity(count);
            while documents.len() < count {
                let document = document(&make(&mut random), is_valid, &mut random);
                if bytes.contains(&document.text.len()) {
                    documents.push(document);
                }
            }
            sets.push(Set { name, is_valid, documents });
        }
    }
    sets
}

fn document(update: &UpdateAgent, is_valid: bool, random: &mut Random) -> Document {
    let text = serde_json::to_string(update).expect("an update is JSON");
    let mut tree: Tree = serde_json::from_str(&text).expect("an update is JSON");
    if let (Tree::Object(fields), true) = (&mut tree, random.percent(50)) {
        random.shuffle(fields);
    }
    let count = if is_valid { 0 } else { 1 + random.below(3) };
    let flaws = flaws::spoil(&mut tree, count, random);
    let spell = if random.percent(50) { serde_json::to_string_pretty } else { serde_json::to_string };
    let text = spell(&tree).expect("a tree is JSON");
    let value = serde_json::from_str(&text).expect("a tree's text is JSON");
    Document { text, value, flaws }
}

const WORDS: &[&str] = &[
    "support",
    "desk",
    "front",
    "Berlin",
    "orders",
    "billing",
    "night",
    "shift",
    "callback",
    "reminder",
    "dental",
    "clinic",
    "Zürich",
    "sales",
    "north",
    "region",
    "please",
    "thank",
    "you",
    "for",
    "calling",
    "our",
    "team",
    "appointment",
    "today",
    "tomorrow",
    "café",
    "delivery",
    "returns",
    "question",
    "about",
    "your",
    "invoice",
];
const NAMES: &[&str] = &[
    "companyName",
    "plan",
    "region",
    "greeting",
    "openingHours",
    "escalationNumber",
    "crmId",
    "ticketPrefix",
    "locale",
    "campaign",
    "priority",
    "isPilot",
    "maxDiscount",
    "tags",
    "address",
    "fallbackMessage",
    "owner",
];
const SETTINGS: &[&str] = &["interruptible", "silenceTimeoutMs", "backgroundSound", "endpointing", "maxDuration"];
const LANGUAGES: &[&str] = &["en", "en-GB", "fr", "fr-CA", "de", "de-CH", "pt-BR", "zh-Hant-TW", "es-419"];
const VOICES: &[&str] = &["mistv2_Brook", "mistv2_Wildflower", "21m00Tcm4TlvDq8ikWAM", "alloy", "en-US-Neural2-F"];

fn prose(random: &mut Random, words: usize) -> String {
    let mut text = String::new();
    for index in 0..words {
        if index > 0 {
            text.push(if random.percent(2) { '\n' } else { ' ' });
        }
        let word = *random.pick(WORDS);
        text.push_str(word);
    }
    if random.percent(5) { format!("\"{text}\"") } else { text }
}

fn id(random: &mut Random) -> String {
    format!("{:016x}{:08x}", random.next(), random.next() as u32)
}

/// Unique names.
fn names<'n>(random: &mut Random, names: &[&'n str], count: usize) -> Vec<&'n str> {
    let mut names = names.to_vec();
    random.shuffle(&mut names);
    names.truncate(count);
    names
}

fn free_value(random: &mut Random) -> Value {
    match random.below(10) {
        0 => json!(random.percent(50)),
        1 | 2 => json!(random.up_to(5_000)),
        3 => json!(random.up_to(100) as f64 / 8.0),
        4 => {
            let count = random.below(4);
            (0..count).map(|_| Value::from(prose(random, 1))).collect()
        }
        5 => json!({"street": prose(random, 2), "zip": random.up_to(99_999).to_string(), "country": "DE"}),
        _ => {
            let words = 1 + random.below(8);
            prose(random, words).into()
        }
    }
}

fn tts(random: &mut Random) -> TtsUpdate {
    let provider = *random.pick(TtsProvider::ALL);
    let tts = match provider {
        TtsProvider::ElevenLabsByo => {
            TtsUpdate::with_own_key(ElevenLabsKey::new(format!("sk_{}{}", id(random), id(random))))
        }
        other => TtsUpdate::new(other),
    };
    let mut tts = tts.expect("the key is present if required");
    if random.percent(90) {
        tts = tts.voice_id(*random.pick(VOICES));
    }
    if random.percent(80) {
        tts = tts.language(*random.pick(LANGUAGES));
    }
    tts
}

fn settings(random: &mut Random) -> SettingsUpdate {
    let hundredth = |random: &mut Random| random.up_to(100) as f64 / 100.0;
    let mut settings = SettingsUpdate::new();
    if random.percent(90) {
        settings = settings.speed(hundredth(random)).expect("in bounds");
    }
    if random.percent(60) {
        settings = settings.volume(hundredth(random)).expect("in bounds");
    }
    if random.percent(70) {
        settings = settings.temperature(hundredth(random)).expect("in bounds");
    }
    if random.percent(30) {
        let count = 1 + random.below(3);
        for name in names(random, SETTINGS, count) {
            settings = settings.setting(name, random.up_to(3_000)).expect("a name of our own");
        }
    }
    settings
}

fn variables(random: &mut Random, names: impl Iterator<Item = String>) -> FreeForm {
    let mut variables = FreeForm::new();
    for name in names {
        variables.insert(name, free_value(random)).expect("JSON can hold it");
    }
    variables
}

/// An update from a dashboard where someone edits an agent.
fn realistic(random: &mut Random) -> UpdateAgent {
    let mut update = UpdateAgent::new(*random.pick(LlmModel::ALL));
    if random.percent(90) {
        let words = 1 + random.below(5);
        update = update.name(prose(random, words));
    }
    if random.percent(80) {
        update = update.tts(tts(random));
    }
    match random.below(10) {
        0 | 1 => update = update.smart_callback(false),
        2..=7 => {
            let count = 1 + random.below(5);
            let gap = |_| {
                let (days, hours) = (random.up_to(Days::MAX.get().into()), random.up_to(Hours::MAX.get().into()));
                Gap::default().days(days)?.hours(hours)
            };
            let gaps: Result<Vec<_>, _> = (0..count).map(gap).collect();
            update = update.smart_callback(true).max_attempts(count as u32).gaps(gaps.expect("in bounds"));
        }
        _ => {}
    }
    if random.percent(70) {
        let count = random.below(4);
        update = update.phone_number_ids((0..count).map(|_| id(random)));
    }
    if random.percent(70) {
        update = update.settings(settings(random));
    }
    if random.percent(75) {
        let count = 1 + random.below(12);
        let names = names(random, NAMES, count);
        update = update.variables(variables(random, names.into_iter().map(str::to_owned)));
    }
    update
}

/// One or two fields.
fn small(random: &mut Random) -> UpdateAgent {
    let update = UpdateAgent::new(*random.pick(LlmModel::ALL));
    match random.below(4) {
        0 => update.smart_callback(random.percent(50)),
        1 => update.settings(SettingsUpdate::new().temperature(random.up_to(10) as f64 / 10.0).expect("in bounds")),
        2 => update.phone_number_ids([id(random)]),
        _ => {
            let words = 1 + random.below(4);
            update.name(prose(random, words))
        }
    }
}

/// An update with a customer base in its variables.
fn large(random: &mut Random) -> UpdateAgent {
    let count = 2_000 + random.below(3_000);
    let names: Vec<_> = (0..count).map(|index| format!("{}{index}", random.pick(NAMES))).collect();
    realistic(random).variables(variables(random, names.into_iter()))
}
