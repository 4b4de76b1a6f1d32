//! Explanations, completions and manual pages.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use callagent::Code;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let command = Command::new(env!("CARGO_BIN_EXE_callagent")).args(arguments).output().expect("the command runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (command.status.code().expect("it ends by itself"), text(command.stdout), text(command.stderr))
}

#[test]
fn explain_lists_all_codes() {
    let (status, output, _) = run(&["explain"]);
    assert_eq!(status, 0);
    let lines: Vec<_> = output.lines().collect();
    assert!(lines.len() > Code::ALL.len(), "the rules of `compat` follow");
    for (line, code) in lines.into_iter().zip(Code::ALL) {
        assert!(line.starts_with(code.as_str()) && line.ends_with(code.title()), "{line}");
    }
}

#[test]
fn explain_explains_every_code() {
    for code in Code::ALL {
        let (status, output, _) = run(&["explain", code.as_str()]);
        assert_eq!(status, 0);
        let explanation = code.explanation().expect("it is explained");
        let examples = [explanation.example, explanation.fixed];
        for line in examples.into_iter().flat_map(str::lines) {
            assert!(output.contains(&format!("    {line}\n")), "{output}");
        }
        let prose = output.lines().filter(|line| !line.starts_with(' '));
        assert!(prose.clone().all(|line| line.len() <= 80), "{output}");
    }
    insta::assert_snapshot!(run(&["explain", "unknown-field"]).1);
}

#[test]
fn explain_suggests_the_nearest_code() {
    let (status, output, errors) = run(&["explain", "unknwon-field"]);
    assert_eq!((status, output.as_str()), (2, ""));
    insta::assert_snapshot!(errors);
}

#[test]
fn shells_accept_their_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (status, script, _) = run(&["completions", shell]);
        assert!(status == 0 && script.contains("normalize"), "{script}");
        let is_shell_with_check = matches!(shell, "bash" | "fish" | "zsh");
        // Shells that are not installed are skipped.
        if is_shell_with_check && let Ok(mut child) = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn() {
            child.stdin.take().expect("its input").write_all(script.as_bytes()).expect("it reads");
            assert!(child.wait().expect("it ends").success(), "{shell}");
            assert!(script.contains("unknown-field"), "{shell} completes codes");
        }
    }
}

#[test]
fn man_prints_pages() {
    for (arguments, name) in [
        (&["man"][..], "callagent"),
        (&["man", "validate"], r"callagent\-validate"),
        #[cfg(feature = "server")]
        (&["man", "access", "grant"], r"callagent\-access\-grant"),
    ] {
        let (status, page, _) = run(arguments);
        assert_eq!(status, 0);
        assert!(page.starts_with('.') && page.contains(&format!(".SH NAME\n{name} \\- ")), "{page}");
    }
    let (status, output, errors) = run(&["man", "nothing"]);
    assert_eq!((status, output.as_str()), (2, ""));
    assert_eq!(errors, "callagent: unknown command `nothing`; for more information, try `callagent help`\n");
}
