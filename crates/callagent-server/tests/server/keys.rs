//! Encryption at rest: sealed values, and files of keys.

use std::fs;

use callagent::{AgentId, Secret, WorkspaceId};
use callagent_server::{KeyRing, Place, UnsealError};

use crate::common::{TestResult, id, workspace};

/// 32 bytes each: zeros, ones, twos.
const ZEROS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ONES: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

fn ring(text: &str) -> Result<KeyRing, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys");
    fs::write(&path, text).expect("a file");
    KeyRing::read(&path).map_err(|error| error.to_string().replace(&path.display().to_string(), "keys"))
}

#[test]
fn files_of_keys() {
    let long = "k".repeat(65);
    for (text, expected) in [
        (format!("a:{ZEROS}\n"), Ok(vec!["a"])),
        (format!("a:{ZEROS}"), Ok(vec!["a"])),
        (format!("# A comment\r\n\r\n  \t\n  b.2-x_Y:{ONES} \r\na:{ZEROS}\n\n"), Ok(vec!["b.2-x_Y", "a"])),
        (String::new(), Err("keys: expected at least one encryption key, found none")),
        ("\n# a:b\n\n".into(), Err("keys: expected at least one encryption key, found none")),
        (format!("a:{ZEROS}\nb:{ONES}\n\na:{ONES}"), Err("keys:4: the key id is already used in line 1")),
        (format!("a{ZEROS}"), Err("keys:1: expected `ID:BASE64`, found no colon")),
        (
            format!("# x\n:{ZEROS}"),
            Err("keys:2: expected a key id of 1 to 64 ASCII letters, digits, `-`, `_` and `.` before the colon"),
        ),
        (
            format!("ä:{ZEROS}"),
            Err("keys:1: expected a key id of 1 to 64 ASCII letters, digits, `-`, `_` and `.` before the colon"),
        ),
        (
            format!("a b:{ZEROS}"),
            Err("keys:1: expected a key id of 1 to 64 ASCII letters, digits, `-`, `_` and `.` before the colon"),
        ),
        (
            format!("{long}:{ZEROS}"),
            Err("keys:1: expected a key id of 1 to 64 ASCII letters, digits, `-`, `_` and `.` before the colon"),
        ),
        ("a:".into(), Err("keys:1: expected a key of 32 bytes in base64, which has 44 characters")),
        (format!("a: {ZEROS}"), Err("keys:1: expected a key of 32 bytes in base64, which has 44 characters")),
        (format!("a:{}", &ZEROS[1..]), Err("keys:1: expected a key of 32 bytes in base64, which has 44 characters")),
        (
            format!("a:{}", ZEROS.replace('=', "A")),
            Err("keys:1: expected a key of 32 bytes in base64, which has 44 characters"),
        ),
        // The last character has bits that belong to no byte.
        (
            format!("a:{}", ZEROS.replace("A=", "B=")),
            Err("keys:1: expected a key of 32 bytes in base64, which has 44 characters"),
        ),
        (
            format!("a:{}", ONES.replace('Q', "_")),
            Err("keys:1: expected a key of 32 bytes in base64, which has 44 characters"),
        ),
        ("x".repeat(70_000), Err("keys: expected at most 65536 bytes of encryption keys")),
    ] {
        let found = ring(&text).map(|keys| keys.ids().map(str::to_owned).collect::<Vec<_>>());
        let expected = expected.map(|ids| ids.into_iter().map(str::to_owned).collect()).map_err(str::to_owned);
        assert_eq!(found, expected, "{text}");
    }
    let error = KeyRing::read("/nowhere/keys").unwrap_err().to_string();
    assert!(error.starts_with("cannot read the encryption keys in `/nowhere/keys`: "), "{error}");
    assert!(KeyRing::read(std::env::temp_dir()).is_err());
    let path = tempfile::NamedTempFile::new().expect("a file");
    fs::write(path.path(), b"a:\xff").expect("a file");
    let error = KeyRing::read(path.path()).unwrap_err().to_string();
    assert!(error.ends_with(":1: expected `ID:BASE64`, found bytes that are not UTF-8"), "{error}");
}

#[test]
fn created_files_are_complete_and_private() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("new.keys");
    let created = KeyRing::create(&path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path)?.permissions().mode() & 0o7777, 0o600);
    }
    let (workspace, agent) = (workspace(), id("a1"));
    let place = Place::eleven_labs_key(&workspace, &agent);
    let sealed = created.seal(&place, &Secret::new("sk-1"))?;
    assert_eq!(KeyRing::read(&path)?.unseal(&place, &sealed)?.expose(), "sk-1");
    let text = fs::read(&path)?;
    let error = KeyRing::create(&path).unwrap_err().to_string();
    assert!(error.starts_with("cannot create the encryption keys in "), "{error}");
    assert_eq!((fs::read(&path)?, fs::read_dir(folder.path())?.count()), (text, 1));
    assert!(KeyRing::create(folder.path().join("nowhere/keys")).is_err());
    Ok(())
}

#[test]
fn values_are_genuine_in_a_single_place() -> TestResult {
    let keys = ring(&format!("a:{ZEROS}\nb:{ONES}"))?;
    let (acme, other) = (workspace(), WorkspaceId::new("acm")?);
    let (agent, neighbor) = (id("e1"), AgentId::new("1")?);
    let place = Place::eleven_labs_key(&acme, &agent);
    let sealed = keys.seal(&place, &Secret::new("sk-1234 ü\0"))?;
    let text = sealed.expose();
    assert!(text.starts_with("enc:v1:a:") && text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
    assert_eq!(keys.unseal(&place, &sealed)?.expose(), "sk-1234 ü\0");
    assert_ne!(keys.seal(&place, &Secret::new("sk-1234 ü\0"))?, sealed);

    let unseal = |keys: &KeyRing, text: &str| keys.unseal(&place, &Secret::new(text)).map(|_| ());
    let elsewhere = |workspace, agent| keys.unseal(&Place::eleven_labs_key(workspace, agent), &sealed).map(|_| ());
    assert_eq!(elsewhere(&other, &agent), Err(UnsealError::NotGenuine));
    assert_eq!(elsewhere(&acme, &neighbor), Err(UnsealError::NotGenuine));
    // The same characters, divided otherwise.
    assert_eq!(elsewhere(&other, &id("ee1")), Err(UnsealError::NotGenuine));
    let swapped = format!("b:{ZEROS}\na:{ONES}");
    for (ring_of, expected) in [
        (format!("b:{ONES}\na:{ZEROS}"), Ok(())),
        (format!("b:{ZEROS}"), Err(UnsealError::UnknownKey)),
        (swapped, Err(UnsealError::NotGenuine)),
    ] {
        assert_eq!(unseal(&ring(&ring_of)?, text), expected, "{ring_of}");
    }
    for (text, expected) in [
        ("", UnsealError::NotSealed),
        ("sk-1234", UnsealError::NotSealed),
        ("enc:v1:", UnsealError::NotSealed),
        ("enc:v2:a:AAAA", UnsealError::NotSealed),
        ("enc:v1:a:", UnsealError::NotGenuine),
        ("enc:v1:a:AAAA", UnsealError::NotGenuine),
        ("enc:v1:a:Ä", UnsealError::NotGenuine),
        (&text.replacen("enc:v1:a:", "enc:v1:b:", 1), UnsealError::NotGenuine),
        (&text.replacen("enc:v1:a:", "enc:v1:c:", 1), UnsealError::UnknownKey),
        (&format!("{text}A"), UnsealError::NotGenuine),
        (&format!("{text}="), UnsealError::NotGenuine),
        (&text[..text.len() - 1], UnsealError::NotGenuine),
    ] {
        assert_eq!(unseal(&keys, text), Err(expected), "{text}");
    }
    // Every character counts.
    for (at, character) in text.char_indices().skip("enc:v1:a:".len()) {
        let other = if character == 'A' { "B" } else { "A" };
        let mut changed = text.to_owned();
        changed.replace_range(at..=at, other);
        assert_eq!(unseal(&keys, &changed), Err(UnsealError::NotGenuine), "{at}");
    }
    Ok(())
}

#[test]
fn debug_shows_ids_alone() -> TestResult {
    let keys = ring(&format!("a:{ZEROS}\nb:{ONES}"))?;
    assert_eq!(format!("{keys:?}"), r#"KeyRing ["a", "b"]"#);
    Ok(())
}
