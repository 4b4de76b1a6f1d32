//! Writes the seeds of every target, one file per seed, and the dictionary: `seeds FOLDER`.

use std::{env, error::Error, fs, path::Path};

use callagent_fuzz::{TARGETS, seeds};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [folder] = &arguments[..] else { return Err("usage: seeds FOLDER".into()) };
    let folder = Path::new(folder);
    for (target, _) in TARGETS {
        let folder = folder.join(target);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        for (number, seed) in seeds::seeds(target)?.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    fs::write(folder.join("dictionary"), seeds::dictionary())?;
    Ok(())
}
