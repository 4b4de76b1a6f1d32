//! The client that openapi-generator writes for Rust, as an adapter.

fn main() -> std::io::Result<()> {
    judge::run::<openapi::models::UpdateAgent, openapi::models::Agent>()
}
