//! The client that progenitor writes, as an adapter.

progenitor::generate_api!("../../../../schemas/openapi-3.0.json");

fn main() -> std::io::Result<()> {
    judge::run::<types::UpdateAgent, types::Agent>()
}
