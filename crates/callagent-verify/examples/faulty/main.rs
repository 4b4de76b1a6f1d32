//! A server with at most one deviation from the contract, which measures the contract test. Try it with
//!
//! ```sh
//! cargo run -p callagent-verify --example faulty -- --fault accepts-31-days
//! ```

mod server;

use std::{env, error::Error};

use tokio::net::TcpListener;

use server::{FAULTS, Fault, app, app_with_key};

const USAGE: &str = "\
usage: faulty --list
       faulty [--fault NAME] [--tolerant] [--access-key KEY] [--listen ADDRESS]";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut fault, mut tolerant, mut access_key) = (None, false, None);
    let mut address = "127.0.0.1:0".to_owned();
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(USAGE);
        match argument.as_str() {
            "--list" => {
                for Fault { name, about, .. } in FAULTS {
                    println!("{name}  {about}");
                }
                return Ok(());
            }
            "--fault" => fault = Some(find(&value()?)?),
            "--tolerant" => tolerant = true,
            "--access-key" => access_key = Some(value()?),
            "--listen" => address = value()?,
            _ => return Err(USAGE.into()),
        }
    }
    let app = match access_key {
        Some(key) => app_with_key(fault, tolerant, key),
        None => app(fault, tolerant),
    };
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

fn find(name: &str) -> Result<&'static Fault, String> {
    FAULTS.iter().find(|fault| fault.name == name).ok_or_else(|| format!("unknown fault `{name}`; see --list"))
}
