//! The code generators: their pinned versions, commands and adapters.

use std::{fs, path::PathBuf};

use crate::{
    Halt,
    install::{Packages, require_programs},
};

/// The directory of manifests and adapters, one directory per language.
const FOLDER: &str = "conformance/generators";

pub(super) struct Tool {
    pub(super) name: &'static str,
    /// The working directory of its commands.
    pub(super) home: &'static Home,
    /// Another directory whose packages it needs.
    pub(super) also_needs: Option<&'static Home>,
    /// The file below `conformance/generators` that pins its version, and its name there.
    pinned: (&'static str, &'static str),
    /// The documents of `schemas/` that it reads.
    pub(super) reads: &'static str,
    pub(super) generate: &'static [&'static str],
    pub(super) compile: &'static [&'static str],
    /// The command of the adapter, unless only code generation is tested.
    pub(super) adapter: Option<&'static str>,
}

/// The directory of a language, in which all commands run.
pub(super) struct Home {
    name: &'static str,
    /// The programs that it needs in addition to package managers.
    toolchain: &'static [&'static str],
    /// `None` if compiling installs the packages.
    packages: Option<Packages>,
}

const TYPESCRIPT: Home =
    Home { name: "typescript", toolchain: &[], packages: Some(Packages::Npm("conformance/generators/typescript")) };

const PYTHON: Home = Home { name: "python", toolchain: &[], packages: Some(PYTHON_PACKAGES) };

/// Its Python package contains a Java program.
pub(super) const OPENAPI_GENERATOR: Home =
    Home { name: "python", toolchain: &["java"], packages: Some(PYTHON_PACKAGES) };

const GO: Home = Home { name: "go", toolchain: &["go"], packages: None };

const JAVA: Home = Home { name: "java", toolchain: &["java", "mvn"], packages: None };

const KOTLIN: Home = Home { name: "kotlin", toolchain: &["java", "mvn"], packages: None };

const RUST: Home = Home { name: "rust", toolchain: &["cargo"], packages: None };

const PYTHON_PACKAGES: Packages =
    Packages::Pip { lockfile: "conformance/generators/python/requirements.txt", into: "target/generators/python" };

/// In the order of importance to users.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "openapi-typescript",
        home: &TYPESCRIPT,
        also_needs: None,
        pinned: ("typescript/package.json", "\"openapi-typescript\""),
        reads: "openapi.json",
        generate: &["node_modules/.bin/openapi-typescript ../../../schemas/openapi.json --default-non-nullable=false \
             --output generated/openapi-typescript.ts"],
        compile: &["node_modules/.bin/tsc @tsc-options generated/openapi-typescript.ts"],
        adapter: Some(
            "node adapter.mjs types 'import(\"./generated/openapi-typescript.js\").components[\"schemas\"][\"UpdateAgent\"]' \
             'import(\"./generated/openapi-typescript.js\").components[\"schemas\"][\"Agent\"]'",
        ),
    },
    Tool {
        name: "json-schema-to-typescript",
        home: &TYPESCRIPT,
        also_needs: None,
        pinned: ("typescript/package.json", "\"json-schema-to-typescript\""),
        reads: "update-agent.schema.json, agent.schema.json",
        generate: &[
            "node_modules/.bin/json2ts ../../../schemas/update-agent.schema.json generated/json2ts-update.ts",
            "node_modules/.bin/json2ts ../../../schemas/agent.schema.json generated/json2ts-agent.ts",
        ],
        compile: &["node_modules/.bin/tsc @tsc-options generated/json2ts-update.ts generated/json2ts-agent.ts"],
        adapter: Some(
            "node adapter.mjs types 'import(\"./generated/json2ts-update.js\").UpdateAgent' \
             'import(\"./generated/json2ts-agent.js\").Agent'",
        ),
    },
    Tool {
        name: "orval-zod",
        home: &TYPESCRIPT,
        also_needs: None,
        pinned: ("typescript/package.json", "\"orval\""),
        reads: "openapi.json",
        generate: &[
            "node_modules/.bin/orval --input ../../../schemas/openapi.json --output generated/orval.ts --client zod",
        ],
        compile: &["node_modules/.bin/tsc @tsc-options generated/orval.ts"],
        adapter: Some("node adapter.mjs zod"),
    },
    Tool {
        name: "ajv-standalone",
        home: &TYPESCRIPT,
        also_needs: None,
        pinned: ("typescript/package.json", "\"ajv\""),
        reads: "update-agent.schema.json, agent.schema.json",
        generate: &[
            "node ajv-standalone.mjs ../../../schemas/update-agent.schema.json generated/ajv-update.cjs",
            "node ajv-standalone.mjs ../../../schemas/agent.schema.json generated/ajv-agent.cjs",
        ],
        compile: &["node --check generated/ajv-update.cjs", "node --check generated/ajv-agent.cjs"],
        adapter: Some("node adapter.mjs ajv"),
    },
    Tool {
        name: "datamodel-code-generator",
        home: &PYTHON,
        also_needs: None,
        pinned: ("python/requirements.in", "datamodel-code-generator"),
        reads: "update-agent.schema.json, agent.schema.json",
        generate: &[
            "../../../target/generators/python/bin/datamodel-codegen --input ../../../schemas/update-agent.schema.json \
             --output generated/pydantic/update_agent.py",
            "../../../target/generators/python/bin/datamodel-codegen --input ../../../schemas/agent.schema.json \
             --output generated/pydantic/agent.py",
        ],
        compile: &["../../../target/generators/python/bin/python -m compileall -q generated/pydantic"],
        adapter: Some("../../../target/generators/python/bin/python adapter.py pydantic"),
    },
    Tool {
        name: "openapi-python-client",
        home: &PYTHON,
        also_needs: None,
        pinned: ("python/requirements.in", "openapi-python-client"),
        reads: "openapi.json",
        generate: &[
            "../../../target/generators/python/bin/openapi-python-client generate --path ../../../schemas/openapi.json \
             --output-path generated/openapi_python_client --meta none --overwrite --config openapi-python-client.yaml",
        ],
        compile: &["../../../target/generators/python/bin/python -m compileall -q generated/openapi_python_client"],
        adapter: Some("../../../target/generators/python/bin/python adapter.py openapi-python-client"),
    },
    Tool {
        name: "quicktype-typescript",
        home: &TYPESCRIPT,
        also_needs: None,
        pinned: ("typescript/package.json", "\"quicktype\""),
        reads: "update-agent.schema.json, agent.schema.json",
        generate: &[
            "node_modules/.bin/quicktype --telemetry disable --src-lang schema --lang typescript --top-level UpdateAgent \
             --out generated/quicktype-update-agent.ts ../../../schemas/update-agent.schema.json",
            "node_modules/.bin/quicktype --telemetry disable --src-lang schema --lang typescript --top-level Agent \
             --out generated/quicktype-agent.ts ../../../schemas/agent.schema.json",
        ],
        compile: &[
            "node_modules/.bin/tsc @tsc-options generated/quicktype-update-agent.ts generated/quicktype-agent.ts",
        ],
        adapter: Some("node adapter.mjs quicktype"),
    },
    Tool {
        name: "oapi-codegen",
        home: &GO,
        also_needs: None,
        pinned: ("go/go.mod", "oapi-codegen/v2 v"),
        reads: "openapi.json",
        generate: &[
            "mkdir -p generated/oapicodegen",
            "go tool oapi-codegen -generate types -package oapicodegen -o generated/oapicodegen/types.go \
             ../../../schemas/openapi.json",
        ],
        compile: &["go build -o ../../../target/generators/go/ ./oapicodegen"],
        adapter: Some("../../../target/generators/go/oapicodegen"),
    },
    Tool {
        name: "openapi-generator-go",
        home: &GO,
        also_needs: Some(&OPENAPI_GENERATOR),
        pinned: ("python/requirements.in", "openapi-generator-cli"),
        reads: "openapi-3.0.json",
        generate: &["../../../target/generators/python/bin/openapi-generator-cli generate --generator-name go \
             --input-spec ../../../schemas/openapi-3.0.json --output generated/openapigenerator \
             --global-property models,apis,supportingFiles,apiTests=false,modelTests=false \
             --additional-properties packageName=openapigenerator,withGoMod=false"],
        compile: &["go build -o ../../../target/generators/go/ ./openapigenerator"],
        adapter: Some("../../../target/generators/go/openapigenerator"),
    },
    Tool {
        name: "openapi-generator-java",
        home: &JAVA,
        also_needs: Some(&OPENAPI_GENERATOR),
        pinned: ("python/requirements.in", "openapi-generator-cli"),
        reads: "openapi-3.0.json",
        generate: &["../../../target/generators/python/bin/openapi-generator-cli generate --generator-name java \
             --input-spec ../../../schemas/openapi-3.0.json --output generated \
             --global-property models,apis,supportingFiles,apiTests=false,modelTests=false \
             --additional-properties containerDefaultToNull=true"],
        compile: &["mvn --quiet --batch-mode -Dmaven.repo.local=../../../target/conformance/maven clean package"],
        adapter: Some("java -jar target/adapter.jar"),
    },
    Tool {
        name: "openapi-generator-kotlin",
        home: &KOTLIN,
        also_needs: Some(&OPENAPI_GENERATOR),
        pinned: ("python/requirements.in", "openapi-generator-cli"),
        reads: "openapi-3.0.json",
        generate: &["../../../target/generators/python/bin/openapi-generator-cli generate --generator-name kotlin \
             --input-spec ../../../schemas/openapi-3.0.json --output generated \
             --global-property models,apis,supportingFiles,apiTests=false,modelTests=false"],
        compile: &["mvn --quiet --batch-mode -Dmaven.repo.local=../../../target/conformance/maven clean package"],
        adapter: Some("java -jar target/adapter.jar"),
    },
    Tool {
        name: "openapi-generator-rust",
        home: &RUST,
        also_needs: Some(&OPENAPI_GENERATOR),
        pinned: ("python/requirements.in", "openapi-generator-cli"),
        reads: "openapi-3.0.json",
        generate: &["../../../target/generators/python/bin/openapi-generator-cli generate --generator-name rust \
             --input-spec ../../../schemas/openapi-3.0.json --output generated/openapi-generator \
             --global-property models,apis,supportingFiles,apiTests=false,modelTests=false"],
        compile: &["cargo build --quiet --locked --target-dir ../../../target/generators/rust \
             --manifest-path openapi-generator/Cargo.toml"],
        adapter: Some("../../../target/generators/rust/debug/openapi-generator-adapter"),
    },
    Tool {
        name: "openapi-generator-csharp",
        home: &OPENAPI_GENERATOR,
        also_needs: None,
        pinned: ("python/requirements.in", "openapi-generator-cli"),
        reads: "openapi-3.0.json",
        generate: &["../../../target/generators/python/bin/openapi-generator-cli generate --generator-name csharp \
             --input-spec ../../../schemas/openapi-3.0.json --output generated/csharp \
             --global-property models,apis,supportingFiles,apiTests=false,modelTests=false"],
        compile: &[],
        adapter: None,
    },
    Tool {
        name: "typify",
        home: &RUST,
        also_needs: None,
        pinned: ("rust/typify/Cargo.toml", "\ntypify ="),
        reads: "update-agent.schema.json, agent.schema.json",
        generate: &[],
        compile: &[
            "cargo build --quiet --locked --target-dir ../../../target/generators/rust --manifest-path typify/Cargo.toml",
        ],
        adapter: Some("../../../target/generators/rust/debug/typify-adapter"),
    },
    Tool {
        name: "progenitor",
        home: &RUST,
        also_needs: None,
        pinned: ("rust/progenitor/Cargo.toml", "\nprogenitor ="),
        reads: "openapi-3.0.json",
        generate: &[],
        compile: &["cargo build --quiet --locked --target-dir ../../../target/generators/rust \
             --manifest-path progenitor/Cargo.toml"],
        adapter: Some("../../../target/generators/rust/debug/progenitor-adapter"),
    },
];

impl Tool {
    /// The pinned version: the number after its name.
    ///
    /// # Errors
    /// The file cannot be read or has no such name.
    pub(super) fn version(&self) -> Result<String, String> {
        let (file, name) = self.pinned;
        let path = crate::root().join(FOLDER).join(file);
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let version = text.split_once(name).and_then(|(_, after)| {
            let after = after.lines().next()?;
            after.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.').find(|word| word.contains('.'))
        });
        version.map(str::to_owned).ok_or_else(|| format!("{file} pins no version of {name}"))
    }
}

impl Home {
    pub(super) fn folder(&self) -> PathBuf {
        crate::root().join(FOLDER).join(self.name)
    }

    /// Installs its packages.
    pub(super) fn install(&self) -> Result<(), Halt> {
        require_programs(self.toolchain)?;
        self.packages.as_ref().map_or(Ok(()), Packages::install)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_pinned() {
        for tool in TOOLS {
            let version = tool.version().expect("its manifest pins it");
            assert!(version.split('.').count() >= 3, "{}: {version}", tool.name);
        }
    }
}
