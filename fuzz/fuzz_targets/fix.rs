#![no_main]
#![allow(missing_docs, reason = "the macro's function has none")]

libfuzzer_sys::fuzz_target!(|text: &[u8]| callagent_fuzz::fix::target(text));
