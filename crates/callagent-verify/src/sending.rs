//! Sending requests: the rate, overload, and servers that do not answer.

use std::time::{Duration, Instant};

use callagent::ProblemType;
use http::header::RETRY_AFTER;
use tokio::time::sleep;

use crate::{
    client::SendError,
    judge::Mismatch,
    log::{Done, Stop},
    request::Request,
    response::Response,
    session::Session,
};

/// How long to wait for a server that is overloaded, per request and in the whole run.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(5);
const DEFAULT_RETRY_AFTER: Duration = Duration::from_millis(100);
const MAX_OVERLOAD: Duration = Duration::from_secs(20);
/// How many requests may time out before the test gives up.
const MAX_TIMEOUTS: u32 = 3;
/// How long a server may refuse connections, for example while it restarts.
const MAX_DOWNTIME: Duration = Duration::from_secs(2);

impl Session {
    /// Sends a request. Waits where the server is overloaded.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Response, Stop> {
        let mut refusals = 0;
        loop {
            if let Some((time, _)) = self.deadline.filter(|(_, end)| *end <= Instant::now()) {
                let seconds = time.as_secs();
                return Err(Stop::GivenUp(format!("{seconds} s have passed; a longer --max-time allows more")));
            }
            self.pace().await;
            self.note_sent(request);
            let response = match self.client.send(request).await {
                Err(SendError::Connect(_)) => self.send_again(request).await,
                sent => sent,
            };
            let response = match response {
                Ok(response) => response,
                Err(error) => return Err(self.unanswered(request, &error)),
            };
            self.log.push(request, Some(response.clone()));
            // A server error that repeats has to do with the request.
            if !is_overload(&response) || (response.status.is_server_error() && refusals == 2) {
                return Ok(response);
            }
            refusals += 1;
            self.wait_for_capacity(&response).await?;
        }
    }

    async fn wait_for_capacity(&mut self, response: &Response) -> Done {
        self.note_overload(response)?;
        let seconds = response.header(&RETRY_AFTER).and_then(|value| value.parse().ok());
        let pause = seconds.map_or(DEFAULT_RETRY_AFTER, Duration::from_secs).min(MAX_RETRY_AFTER);
        self.overload += pause;
        if self.overload > MAX_OVERLOAD {
            let status = response.status.as_u16();
            return Err(Stop::Skipped(format!("the server is overloaded: it answered {status}; try --rate")));
        }
        sleep(pause).await;
        Ok(())
    }

    /// Judges the response of a server that has too many requests.
    fn note_overload(&mut self, response: &Response) -> Done {
        self.saw_overload = true;
        if response.header(&RETRY_AFTER).is_some() {
            return Ok(());
        }
        let message = format!("expected `Retry-After` with status {}", response.status.as_u16());
        self.note(vec![Mismatch::general("http.overload", message)])
    }

    /// Sends requests at the same moment, only to see whether that overloads the server.
    pub(crate) async fn send_many(&mut self, requests: &[Request]) -> Done {
        for request in requests {
            self.note_sent(request);
        }
        let responses = self.client.send_together(requests).await.unwrap_or_default();
        for (request, response) in requests.iter().zip(responses) {
            if let Ok(response) = response
                && is_overload(&response)
            {
                self.log.push(request, Some(response.clone()));
                self.note_overload(&response)?;
            }
        }
        Ok(())
    }

    /// Tries to connect for a short time.
    async fn send_again(&mut self, request: &Request) -> Result<Response, SendError> {
        let started = Instant::now();
        loop {
            sleep(MAX_DOWNTIME / 20).await;
            match self.client.send(request).await {
                Err(SendError::Connect(_)) if started.elapsed() < MAX_DOWNTIME => {}
                sent => return sent,
            }
        }
    }

    /// Records that a request has no response.
    pub(crate) fn unanswered(&mut self, request: &Request, error: &SendError) -> Stop {
        self.log.push(request, None);
        // What the request did is unknown.
        self.known = None;
        let failed = self.note(vec![Mismatch::page(error.to_string())]);
        match error {
            SendError::Connect(reason) => Stop::GivenUp(format!("the server no longer accepts connections: {reason}")),
            SendError::Timeout(_) => {
                self.timeouts += 1;
                if self.timeouts < MAX_TIMEOUTS {
                    return Stop::Failed;
                }
                Stop::GivenUp(format!("the server left {MAX_TIMEOUTS} requests without a response"))
            }
            _ => failed.err().unwrap_or(Stop::Failed),
        }
    }

    pub(crate) fn note_sent(&mut self, request: &Request) {
        self.log.requests += 1;
        if self.options.records {
            self.record.push((self.case.clone(), request.clone()));
        }
    }

    /// Waits until the rate allows another request.
    async fn pace(&mut self) {
        let Some(rate) = self.options.rate else { return };
        let now = Instant::now();
        let at = self.next.map_or(now, |next| next.max(now));
        self.next = Some(at + Duration::from_secs_f64(1.0 / rate));
        sleep(at - now).await;
    }
}

fn is_overload(response: &Response) -> bool {
    let problems = [ProblemType::TOO_MANY_REQUESTS, ProblemType::UNAVAILABLE];
    problems.iter().any(|problem| problem.status() == response.status.as_u16())
}
