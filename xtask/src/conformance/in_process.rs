//! The engines of this process, answering vectors.

use callagent_testkit::{
    engines::{self, Engine, compare},
    vectors::{Case, Check, Vector},
};

use super::{Response, Subject};

pub(super) fn subjects() -> Result<Vec<Box<dyn Subject>>, String> {
    let mut engines = engines::all()?.into_iter();
    let model = engines.next().map(|reader| Box::new(Model(reader)) as Box<dyn Subject>);
    Ok(model.into_iter().chain(engines.map(|engine| Box::new(engine) as Box<dyn Subject>)).collect())
}

impl Subject for Engine {
    fn name(&self) -> &str {
        self.name
    }

    fn respond(&mut self, vector: &Vector) -> Response {
        match &vector.case {
            Case::Check(case) => self.check(&case.document()).map_or(Response::NotApplicable, Response::Verdict),
            Case::Apply(_) => Response::NotApplicable,
        }
    }
}

/// The reader that builds the model. It also applies updates, and its output must be stable.
struct Model(Engine);

impl Subject for Model {
    fn name(&self) -> &str {
        self.0.name
    }

    fn respond(&mut self, vector: &Vector) -> Response {
        match &vector.case {
            Case::Check(case) => check(&self.0, case),
            Case::Apply(case) => {
                let applied = case.run().map(|(after, sent)| Response::Applied { after, sent: Some(sent) });
                applied.unwrap_or_else(Response::Broken)
            }
        }
    }
}

fn check(reader: &Engine, case: &Check) -> Response {
    let document = case.document();
    let Some(verdict) = reader.check(&document) else { return Response::NotApplicable };
    let again = verdict.output.as_ref().and_then(|output| compare::written_again(reader, &document, output));
    match again {
        Some(again) => Response::Broken(format!("its output changes when read and written again: {again}")),
        None => Response::Verdict(verdict),
    }
}
