//! The interface between the WebAssembly module and the JavaScript around it, which is `core.js` of the npm package.
//!
//! The functions take and return numbers. Texts are passed in the memory of the module: the host writes one to the buffer
//! that `input` returns, and reads one where the `Results` say. A call that traps, for example because memory is
//! exhausted, leaves the module in an undefined state; the host must discard the instance.

mod explain;
mod findings;
mod units;

use std::cell::RefCell;

use callagent::{
    Agent, InvalidDocument, Problem, Reader, Report, UpdateAgent,
    tools::{AcceptedValue, DocumentKind, InvalidAcceptedValue, USUAL_LIMIT},
};

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::new()) };
}

/// What remains between two calls.
struct State {
    input: Vec<u8>,
    output: Vec<u8>,
    accepted: Vec<AcceptedValue>,
    report: Option<Report>,
    results: Results,
}

/// What a call returns, apart from a number. The host reads it as an array of 32-bit integers.
#[repr(C)]
struct Results {
    violations: usize,
    advisories: usize,
    /// Whether findings were left out: 0 or 1.
    cut: usize,
    address: usize,
    length: usize,
}

/// The options of a reader, as bits.
#[derive(Clone, Copy)]
struct Flags(u32);

impl Flags {
    const UNKNOWN_FIELDS: u32 = 1;
    const UNKNOWN_VALUES: u32 = 2;
    const ACCEPT: u32 = 4;
    const SUGGEST: u32 = 8;

    fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

impl State {
    const fn new() -> Self {
        let results = Results { violations: 0, advisories: 0, cut: 0, address: 0, length: 0 };
        State { input: Vec::new(), output: Vec::new(), accepted: Vec::new(), report: None, results }
    }

    /// Returns a reader with options. A `limit` of 0 is none.
    fn reader(&self, flags: Flags, limit: usize) -> Reader {
        let mut reader = Reader::new();
        if flags.has(Flags::UNKNOWN_FIELDS) {
            reader = reader.tolerate_unknown_fields();
        }
        if flags.has(Flags::UNKNOWN_VALUES) {
            reader = reader.tolerate_unknown_values();
        }
        if flags.has(Flags::ACCEPT) {
            reader = self.accepted.iter().fold(reader, |reader, accepted| accepted.apply(reader));
        }
        if flags.has(Flags::SUGGEST) {
            reader = reader.suggest();
        }
        if limit > 0 { reader.limit(limit) } else { reader }
    }

    /// Keeps a report for [`findings()`] and [`problem`]. Returns whether it has findings.
    fn keep(&mut self, report: Report) -> bool {
        let has_findings = !report.is_clean();
        self.results.violations = report.violation_count();
        self.results.advisories = report.advisory_count();
        self.results.cut = usize::from(report.is_cut());
        self.report = Some(report);
        has_findings
    }

    /// Puts a text where the host finds it.
    fn put(&mut self, text: impl Into<Vec<u8>>) {
        self.output = text.into();
        self.results.address = self.output.as_ptr() as usize;
        self.results.length = self.output.len();
    }
}

fn with<T>(call: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(call)
}

/// Returns the kind with a number, which is its index in the list of all.
fn kind(number: usize) -> DocumentKind {
    DocumentKind::ALL[number]
}

/// Defines functions that the module exports.
macro_rules! exports {
    ($($(#[doc = $doc:literal])+ fn $name:ident($($argument:ident: $type:ty),*) $(-> $returned:ty)? $body:block)+) => {
        $(
            $(#[doc = $doc])+
            #[expect(unsafe_code, reason = "a symbol of this name in another library would be replaced")]
            #[unsafe(no_mangle)]
            extern "C" fn $name($($argument: $type),*) $(-> $returned)? $body
        )+
    };
}

exports! {
    /// Seeds the hashing of names with random bits of the host. Has to be called before any text is read.
    fn seed(a: u32, b: u32, c: u32, d: u32) {
        let seed = [(a, b), (c, d)].map(|(high, low)| (u64::from(high) << 32) | u64::from(low));
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        callagent::tools::seed_hashing(seed);
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        let _: [u64; 2] = seed;
    }

    /// Returns the address of the [`Results`], which stays the same.
    fn results() -> usize {
        with(|state| &raw const state.results as usize)
    }

    /// Returns the limit of a reader whose user sets none.
    fn usual_limit() -> usize {
        USUAL_LIMIT
    }

    /// Makes the input at least `length` bytes long, and returns its address; 0 if memory is exhausted. It keeps its bytes.
    fn input(length: usize) -> usize {
        with(|state| {
            let more = length.saturating_sub(state.input.len());
            if state.input.try_reserve_exact(more).is_err() {
                return 0;
            }
            state.input.resize(state.input.len() + more, 0);
            state.input.as_mut_ptr() as usize
        })
    }

    /// Forgets the values to accept.
    fn forget() {
        with(|state| state.accepted.clear());
    }

    /// Adds the value to accept that the input has, written `FIELD=VALUE`. Returns whether it is valid; if not, the output
    /// is the reason.
    fn accept(length: usize) -> bool {
        with(|state| {
            let text = std::str::from_utf8(&state.input[..length]).expect("the host writes UTF-8");
            match text.parse() {
                Ok(accepted) => state.accepted.push(accepted),
                Err(invalid) => {
                    let invalid: InvalidAcceptedValue = invalid;
                    state.put(invalid.to_string());
                    return false;
                }
            }
            true
        })
    }

    /// Checks the text in the input, and returns whether there are findings. If there are, the results have their numbers.
    fn check(number: usize, flags: u32, limit: usize, length: usize) -> bool {
        with(|state| {
            let report = kind(number).check(&state.reader(Flags(flags), limit), &state.input[..length]);
            state.keep(report)
        })
    }

    /// Puts the findings of the text that was read last into the output, as JSON. It must still be in the input.
    fn findings(utf16: bool, length: usize) {
        with(|state| {
            let report = state.report.as_ref().expect("a text was read");
            let json = findings::json(report, &state.input[..length], utf16);
            state.put(json);
        });
    }

    /// Puts the violations of the text that was read last into the output, on one line.
    fn message() {
        with(|state| {
            let report = state.report.as_ref().expect("a text was read");
            let message = report.to_string();
            state.put(message);
        });
    }

    /// Puts the response to an invalid update that was read last into the output: problem details as JSON.
    fn problem() {
        with(|state| {
            let report = state.report.clone().expect("a text was read");
            let invalid = InvalidDocument::try_from(report).expect("it was invalid");
            let problem = serde_json::to_vec(&Problem::from(&invalid)).expect("a problem serializes");
            state.put(problem);
        });
    }

    /// Reads the text in the input, and returns whether it is valid. If it is, the output is the document as its type
    /// serializes it.
    fn normalize(number: usize, flags: u32, limit: usize, length: usize) -> bool {
        with(|state| {
            let reader = state.reader(Flags(flags), limit);
            let (normalized, report) = kind(number).normalize(&reader, &state.input[..length]);
            state.keep(report);
            normalized.map(|text| state.put(text)).is_some()
        })
    }

    /// Applies the safe suggestions to the text in the input, and puts the fixed one into the output.
    fn fix(number: usize, flags: u32, length: usize) {
        with(|state| {
            let reader = state.reader(Flags(flags), 0);
            let fixed = kind(number).fix(&reader, state.input[..length].to_vec());
            state.put(fixed);
        });
    }

    /// Puts the text in the input into the output, with each secret masked by as many units of asterisks.
    fn mask(number: usize, utf16: bool, length: usize) {
        with(|state| {
            let units = if utf16 { units::utf16_length } else { <[u8]>::len };
            let masked = kind(number).mask(&state.input[..length], units);
            state.put(masked);
        });
    }

    /// Applies an update to an agent. The input has the agent, of a length, and then the update. The output is the agent
    /// afterwards, if `stored` with the key that it holds, else as a server sends it. Returns the number of documents that
    /// are valid: 2, or the number of those before the invalid one, whose report is kept.
    fn apply(flags: u32, limit: usize, agent_length: usize, length: usize, stored: bool) -> usize {
        with(|state| {
            let reader = state.reader(Flags(flags), limit);
            let (agent, update) = state.input[..length].split_at(agent_length);
            let (agent, report) = reader.read_and_report::<Agent>(agent);
            let Some(mut agent) = agent else {
                state.keep(report);
                return 0;
            };
            let (update, report) = reader.read_and_report::<UpdateAgent>(update);
            let Some(update) = update else {
                state.keep(report);
                return 1;
            };
            update.apply(&mut agent);
            let sent = if stored { serde_json::to_vec(&agent) } else { serde_json::to_vec(&agent.for_response()) };
            state.put(sent.expect("an agent serializes"));
            2
        })
    }

    /// Puts the explanation of the code in the input into the output, as JSON. Returns whether there is one; if not, the
    /// output is a list of all codes.
    fn explain(length: usize) -> bool {
        with(|state| {
            let explained = explain::json(&state.input[..length]);
            let (is_known, json) = match explained {
                Some(json) => (true, json),
                None => (false, explain::codes()),
            };
            state.put(json);
            is_known
        })
    }
}
