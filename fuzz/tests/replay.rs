//! Every target on its seeds and its corpus, without libFuzzer.

use std::{fs, path::Path};

use callagent_fuzz::{TARGETS, seeds::seeds};

#[test]
fn targets_take_their_seeds_and_their_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, target) in TARGETS {
        let seeds = seeds(name, &folder.join("../fixtures")).expect("the fixtures can be read");
        assert!(!seeds.is_empty(), "{name} has no seeds");
        seeds.iter().for_each(|seed| target(seed));

        let corpus = fs::read_dir(folder.join("corpus").join(name)).expect("a folder for each target");
        for file in corpus {
            let path = file.expect("the folder can be read").path();
            println!("{}", path.display());
            target(&fs::read(path).expect("a file"));
        }
    }
}
