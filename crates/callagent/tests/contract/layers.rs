//! The layers of the core: folders use only earlier ones, and no two files import each other, according to their `use`
//! lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// From the ground up.
const LAYERS: [&str; 12] = [
    "json", "model", "report", "read", "values", "fix", "reader", "problem", "schema", "testing", "macros", "contract",
];

/// Parts of names of the call that only the code in `contract` may contain.
const CALL_NAMES: [&str; 6] = ["agent", "gap", "phone", "elevenlabs", "provider", "workspace"];

/// A file of the core: its module path, and its code without comments and strings.
struct File {
    module: Vec<String>,
    is_folder: bool,
    code: String,
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the core") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && path != root.join("lib.rs") {
                files.push(file(&root, path));
            }
        }
    }
    assert!(files.len() > 30, "the core's files are found");
    files
}

fn file(root: &Path, path: PathBuf) -> File {
    let name = path.strip_prefix(root).expect("below the root").with_extension("");
    let mut module: Vec<_> = name.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let is_folder = module.last().is_some_and(|last| last == "mod");
    module.truncate(module.len() - usize::from(is_folder));
    let text = fs::read_to_string(path).expect("a file of the core");
    File { module, is_folder, code: text.lines().map(|line| without_comment(line) + "\n").collect() }
}

fn without_comment(line: &str) -> String {
    line.find("//").map_or(line, |comment| &line[..comment]).to_owned()
}

/// The paths in a `use` declaration, without renames.
fn paths(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((prefix, list)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or(tree).trim().to_owned()];
    };
    let list = list.strip_suffix('}').expect("a list ends");
    let (mut items, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    items.push(&list[start..]);
    let items = items.into_iter().filter(|item| !item.trim().is_empty());
    items.flat_map(paths).map(|path| format!("{prefix}{path}")).collect()
}

impl File {
    fn name(&self) -> String {
        self.module.join("::")
    }

    /// The imports of the file, and its paths from the root. The `mod.rs` of a folder that re-exports items of its
    /// files does not import them.
    fn imports(&self) -> Vec<Vec<String>> {
        let declarations =
            self.code.split("use ").skip(1).zip(self.code.split("use ")).filter_map(|(after, before)| {
                let visibility = before.rsplit(['\n', ';', '}']).next().unwrap_or_default().trim();
                let is_declaration = visibility.is_empty() || visibility.starts_with("pub");
                let tree = after.split_once(';')?.0;
                (is_declaration && !(self.is_folder && visibility.starts_with("pub"))).then_some(tree)
            });
        let used = declarations.flat_map(paths);
        let named = self.code.split("crate::").skip(1).filter(|rest| !rest.starts_with('{')).map(|rest| {
            let end = rest.find(|character: char| !(character.is_alphanumeric() || "_:".contains(character)));
            format!("crate::{}", &rest[..end.unwrap_or(rest.len())])
        });
        used.chain(named).filter_map(|path| self.resolve(&path)).collect()
    }

    /// A path from the root; `None` if it leaves the crate.
    fn resolve(&self, path: &str) -> Option<Vec<String>> {
        let mut parts: Vec<_> = path.trim().trim_start_matches('$').split("::").map(str::to_owned).collect();
        let mut module = self.module.clone();
        match parts.first().map(String::as_str)? {
            "crate" => module.clear(),
            "self" => {}
            "super" => drop(module.pop()),
            _ if self.is_folder => {
                module.extend(parts);
                return Some(module);
            }
            _ => return None,
        }
        parts.remove(0);
        while parts.first().is_some_and(|part| part == "super") {
            parts.remove(0);
            module.pop();
        }
        module.extend(parts);
        Some(module)
    }
}

#[test]
fn a_folder_uses_earlier_ones_only() {
    let row = |layer: &str| LAYERS.iter().position(|other| *other == layer);
    let mut wrong = BTreeSet::new();
    for file in files() {
        let own = row(&file.module[0]).unwrap_or_else(|| panic!("`{}` is not a layer", file.name()));
        for import in file.imports() {
            // Tests of the core and expanded macros use items of the root.
            match import.first().map(|layer| row(layer)) {
                Some(Some(other)) if other <= own => {}
                _ => drop(wrong.insert(format!("{} uses {}", file.name(), import.join("::")))),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_files_import_each_other() {
    let files = files();
    let names: BTreeSet<_> = files.iter().map(File::name).collect();
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &files {
        for import in file.imports() {
            // The file of the item: the longest path that is a file.
            let target =
                (1..=import.len()).rev().map(|length| import[..length].join("::")).find(|path| names.contains(path));
            imports.entry(file.name()).or_default().extend(target.filter(|target| *target != file.name()));
        }
    }
    // Files that import only such files are not in a cycle.
    let mut left: BTreeMap<_, _> = imports.clone();
    while let Some(free) = left.iter().find(|(_, used)| used.iter().all(|used| !left.contains_key(used))) {
        let free = free.0.clone();
        left.remove(&free);
    }
    assert!(left.is_empty(), "circular imports, or imports of such files: {left:#?}");
}

/// Everything specific to the call is in its own folder.
#[test]
fn only_contract_names_the_call() {
    let mut named = BTreeSet::new();
    for file in files().iter().filter(|file| file.module[0] != "contract") {
        for name in file.code.split(|character: char| !(character.is_alphanumeric() || character == '_')) {
            let lower = name.to_lowercase();
            named.extend(
                CALL_NAMES.iter().filter(|part| lower.contains(**part)).map(|_| format!("{}: {name}", file.name())),
            );
        }
    }
    assert!(named.is_empty(), "{named:#?}");
}
