//! A client that sends any bytes.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use callagent::{Problem, WorkspaceId, model::Operation};

pub(crate) struct Connection(TcpStream);

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Connection(stream)
    }

    /// Sends a request and reads its response.
    pub(crate) fn send(&mut self, request: &Request) -> Answer {
        self.write(&request.to_bytes());
        self.answer(request.method == "HEAD")
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    /// Returns whether the server still accepts data.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    pub(crate) fn shutdown(&self, direction: Shutdown) {
        self.0.shutdown(direction).unwrap();
    }

    pub(crate) fn is_closed_by_the_server(&mut self) -> bool {
        self.0.read(&mut [0]).is_ok_and(|length| length == 0)
    }

    /// Reads a response, which may be an interim one.
    pub(crate) fn answer(&mut self, without_body: bool) -> Answer {
        self.try_answer(without_body).expect("a response")
    }

    /// Reads a response, unless the server closes the connection before it.
    pub(crate) fn try_answer(&mut self, without_body: bool) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.into(), value.into()));
        let mut answer = Answer { status, headers: headers.collect(), body: String::new() };
        if let Some(length) = answer.header("content-length").filter(|_| !without_body) {
            let mut body = vec![0; length.parse().unwrap()];
            self.0.read_exact(&mut body).expect("the whole body");
            answer.body = String::from_utf8(body).unwrap();
        }
        Some(answer)
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the problem, after checking what all problems have in common.
    pub(crate) fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), Some(Problem::MEDIA_TYPE), "{self:?}");
        let problem: Problem = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem.status, Some(self.status), "{self:?}");
        assert!(problem.title.as_ref().is_some_and(|title| !title.is_empty()), "{self:?}");
        for header in problem.problem_type().map(callagent::ProblemType::headers).unwrap_or_default() {
            assert!(self.header(header.name).is_some(), "{self:?}");
        }
        problem
    }

    /// Returns the name of the problem's type, or the status if there is no problem.
    pub(crate) fn outcome(&self) -> String {
        if self.status == 200 {
            return "200".to_owned();
        }
        let problem = self.problem();
        problem.problem_type().map_or(problem.r#type, |known| known.name().to_owned())
    }
}

/// A request, at first a valid one.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) segment: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) body: String,
    /// The number of spaces after the body.
    pub(crate) padding: usize,
}

impl Request {
    pub(crate) fn valid() -> Self {
        let request = Request {
            method: "PUT",
            prefix: "/v1/api/agents/",
            segment: "agent_1",
            suffix: "",
            headers: Vec::new(),
            body: r#"{"llmModel": "gpt-5"}"#.to_owned(),
            padding: 0,
        };
        request
            .set("Host", "localhost")
            .set(WorkspaceId::HEADER, "acme")
            .set("Content-Type", Operation::MEDIA_TYPE)
            .set("x-api-key", "key-of-acme")
    }

    pub(crate) fn body(self, body: impl Into<String>) -> Self {
        Request { body: body.into(), ..self }
    }

    pub(crate) fn without(mut self, header: &str) -> Self {
        self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header));
        self
    }

    pub(crate) fn set(self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.without(name).add(name, value)
    }

    pub(crate) fn add(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the head, with the length of the body.
    pub(crate) fn head(&self) -> Vec<u8> {
        let Request { method, prefix, segment, suffix, .. } = self;
        let mut head = format!("{method} {prefix}{segment}{suffix} HTTP/1.1\r\n").into_bytes();
        for (name, value) in &self.headers {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        let is_chunked = self.headers.iter().any(|(name, _)| *name == "Transfer-Encoding");
        if !is_chunked {
            head.extend(format!("Content-Length: {}\r\n", self.body.len() + self.padding).bytes());
        }
        head.extend(b"\r\n");
        head
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head();
        bytes.extend(self.body.bytes());
        bytes.resize(bytes.len() + self.padding, b' ');
        bytes
    }
}
