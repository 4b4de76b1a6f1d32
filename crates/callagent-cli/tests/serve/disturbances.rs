//! `--fault`, `--latency`, `--tolerant` and `--accept`.

use std::{collections::BTreeMap, time::Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::{client::Request, program::Serve};

fn serve(arguments: &[&str]) -> (TempDir, Serve) {
    let folder = TempDir::new().expect("a temporary folder");
    let server = Serve::in_memory(folder.path(), r#"{"_id": "agent_1"}"#, arguments);
    (folder, server)
}

#[test]
fn faults_are_problems_without_an_effect() {
    for fault in
        ["400", "401", "403", "404", "405", "408", "409", "412", "413", "422", "429", "500", "502", "503", "504"]
    {
        let (_folder, server) = serve(&["--fault", &format!("{fault}=1")]);
        let answer = server.put(r#"{"llmModel": "gpt-5"}"#);
        assert_eq!(answer.status.to_string(), fault);
        answer.problem();
        let health = Request { method: "GET", prefix: "/healthz", segment: "", ..Request::valid().body("") };
        assert_eq!(server.send(&health).status, 204, "other pages have no faults");
    }
}

#[test]
fn each_fault_has_its_share() {
    let (_folder, server) = serve(&["--fault", "503=0.5", "--fault", "500=0.5", "--fault", "429=0"]);
    let mut connection = server.connect();
    let mut counts = BTreeMap::new();
    for _ in 0..1000 {
        *counts.entry(connection.send(&Request::valid()).status).or_insert(0) += 1;
    }
    assert_eq!(counts.keys().collect::<Vec<_>>(), [&500, &503]);
    // More than ten standard deviations.
    assert!((300..700).contains(&counts[&500]), "{counts:?}");
}

#[test]
fn calls_are_delayed() {
    let (_folder, server) = serve(&["--latency", "300ms"]);
    let start = Instant::now();
    server.assert_serving();
    assert!(start.elapsed().as_millis() >= 300);
}

#[test]
fn tolerances() {
    let unknown = r#"{"llmModel": "gpt-6", "more": 1}"#;
    let word = r#"{"llmModel": "gpt-6"}"#;
    for (arguments, expected) in [
        (&[][..], [422, 422]),
        (&["--tolerant"], [200, 200]),
        (&["--accept", "llmModel=gpt-6"], [422, 200]),
        (&["--accept", "llmModel=gpt-7"], [422, 422]),
    ] {
        let (_folder, server) = serve(arguments);
        let answers = [server.put(unknown), server.put(word)];
        assert_eq!(answers.each_ref().map(|answer| answer.status), expected, "{arguments:?}");
        for answer in answers.iter().filter(|answer| answer.status == 200) {
            let agent: Value = serde_json::from_str(&answer.body).expect("an agent");
            assert_eq!((&agent["llmModel"], agent.get("more")), (&Value::from("gpt-6"), None));
        }
    }
}
