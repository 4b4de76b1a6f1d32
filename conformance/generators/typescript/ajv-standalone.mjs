// Generates the validation code of a schema with Ajv.
//
//     node ajv-standalone.mjs SCHEMA MODULE

import { readFileSync, writeFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";

const [schema, module] = process.argv.slice(2);
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, code: { source: true } });
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
writeFileSync(module, standalone.default(ajv, validate));
