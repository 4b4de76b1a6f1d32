//! Runs every target on its seeds and corpus, without libFuzzer.

use std::{fs, panic, path::Path};

use callagent_fuzz::{TARGETS, Target, seeds::seeds};

#[test]
fn targets_accept_their_seeds_and_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for target in TARGETS {
        let seeds = seeds(target.0).expect("the fixtures can be read");
        assert!(!seeds.is_empty(), "{} has no seeds", target.0);
        for seed in seeds {
            try_it(target, "a seed", &seed);
        }

        let corpus = fs::read_dir(folder.join("corpus").join(target.0)).expect("a folder for each target");
        for file in corpus {
            let path = file.expect("the folder can be read").path();
            try_it(target, &path.display().to_string(), &fs::read(&path).expect("a file"));
        }
    }
}

fn try_it((name, target): Target, input: &str, text: &[u8]) {
    let ended = panic::catch_unwind(|| target(text));
    assert!(ended.is_ok(), "{name} fails on {input}, see above: {:?}", String::from_utf8_lossy(text));
}
