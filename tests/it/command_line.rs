//! The program as a shell meets it: what it prints, where, and how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

/// How long the program may take for anything here.
const PATIENCE: Duration = Duration::from_secs(20);

fn florist() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_florist"));
    for name in [
        "FLORA_API_KEY",
        "FLORA_BASE_URL",
        "DISPLAY",
        "WAYLAND_DISPLAY",
    ] {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    florist().args(arguments).output().expect("it starts")
}

fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn help_and_version_go_to_stdout_and_end_well() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let text = String::from_utf8_lossy(&help.stdout);
    for word in [
        "studio",
        "--data",
        "--version",
        "FLORA_API_KEY",
        "FLORA_BASE_URL",
    ] {
        assert!(text.contains(word), "no {word} in: {text}");
    }
    assert_eq!(lines(&help.stderr), [""; 0]);

    let version = run(&["--version"]);
    assert!(version.status.success());
    let expected = format!("florist {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(lines(&version.stdout), [expected]);
}

#[test]
fn what_it_does_not_understand_is_said_on_stderr_with_exit_2() {
    for arguments in [
        &["--dat"][..],
        &["gallery"],
        &["studio", "--addr", "everywhere"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.starts_with("error: "), "{arguments:?}: {said}");
    }
}

#[test]
fn without_a_display_it_says_so_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = florist()
        .arg("--data")
        .arg(folder.path())
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    let said = lines(&output.stderr);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("There is no display"), "{said:?}");
}

/// A studio in a process of its own; killed when the test is over.
struct StudioProcess {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl StudioProcess {
    fn start(folder: &std::path::Path, addr: &str) -> Self {
        let mut child = florist()
            .args(["studio", "--addr", addr, "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("its stdout"));
        Self { child, out }
    }

    /// The next line of its stdout, which must begin like this; what comes after that.
    fn line(&mut self, begin: &str) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        let rest = line.trim_end().strip_prefix(begin);
        rest.unwrap_or_else(|| panic!("not {begin}…: {line}"))
            .to_owned()
    }

    /// Asks it to end as a supervisor would, and waits.
    #[cfg(unix)]
    fn terminate(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill runs").success());
        self.ended()
    }

    fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        panic!("it is still there");
    }

    fn said(&mut self) -> Vec<String> {
        let mut text = Vec::new();
        let errors = self.child.stderr.as_mut().expect("its stderr");
        errors.read_to_end(&mut text).expect("readable");
        lines(&text)
    }
}

impl Drop for StudioProcess {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The status line of `GET path`, asked with this key.
fn ask(base: &str, path: &str, key: &str) -> String {
    let rest = base.strip_prefix("http://").expect("loopback http");
    let (host, prefix) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    write!(
        stream,
        "GET /{prefix}{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.lines().next().unwrap_or_default().to_owned()
}

#[cfg(unix)]
#[test]
fn the_studio_says_where_it_is_serves_and_ends_cleanly_when_told_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut studio = StudioProcess::start(folder.path(), "127.0.0.1:0");
    let base = studio.line("FLORA_BASE_URL=");
    let key = studio.line("FLORA_API_KEY=");
    assert!(base.starts_with("http://127.0.0.1:"), "{base}");
    assert_eq!(ask(&base, "/workspaces", &key), "HTTP/1.1 200 OK");
    assert_eq!(
        ask(&base, "/workspaces", "sk_test_other"),
        "HTTP/1.1 401 Unauthorized"
    );
    let status = studio.terminate();
    assert_eq!(status.code(), Some(0), "{:?}", studio.said());
}

#[cfg(unix)]
#[test]
fn the_studio_starts_on_loopback_and_a_free_port_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut open = StudioProcess::start(folder.path(), "0.0.0.0:0");
    assert_eq!(open.ended().code(), Some(1));
    let said = open.said();
    assert!(said.len() == 1 && said[0].contains("loopback"), "{said:?}");

    let mut first = StudioProcess::start(folder.path(), "127.0.0.1:0");
    let base = first.line("FLORA_BASE_URL=http://");
    let taken = base.split('/').next().expect("an address");
    let other = tempfile::tempdir().expect("a folder");
    let mut second = StudioProcess::start(other.path(), taken);
    assert_eq!(second.ended().code(), Some(1));
    let said = second.said();
    assert!(said.len() == 1 && said[0].contains(taken), "{said:?}");
}
