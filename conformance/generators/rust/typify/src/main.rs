//! The types that typify writes, as an adapter.

mod update {
    typify::import_types!("../../../../schemas/update-agent.schema.json");
}

mod agent {
    typify::import_types!("../../../../schemas/agent.schema.json");
}

fn main() -> std::io::Result<()> {
    judge::run::<update::UpdateAgent, agent::Agent>()
}
