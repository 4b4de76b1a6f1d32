// The adapter for the committed schemas with Ajv. It reports the pointers of violations.
//
//     node dist/ajv.js SCHEMAS
//
// It checks JSON values, so it skips cases about text, and all cases with a tolerance.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";

interface Case {
  id: string;
  kind: "values" | "text" | "apply";
  as?: "update" | "agent";
  text?: string;
  base64?: string;
  tolerant?: boolean;
  accept?: string[];
}

type Answer = { skip: string } | { valid: boolean; violations: { pointer: string }[] };

const folder = process.argv[2] ?? "schemas";

function compile(file: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
}

const validators = {
  update: compile("update-agent.schema.json"),
  agent: compile("agent.schema.json"),
};

function child(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function pointerOf(error: ErrorObject): string | undefined {
  switch (error.keyword) {
    case "required":
      return child(error.instancePath, error.params["missingProperty"]);
    case "additionalProperties":
      return child(error.instancePath, error.params["additionalProperty"]);
    case "if":
      // The failed keyword in its `then` has its own error.
      return undefined;
    default:
      return error.instancePath;
  }
}

function answer({ kind, as, text, tolerant }: Case): Answer {
  if (kind !== "values" || as === undefined || text === undefined || tolerant !== undefined) {
    return { skip: "only strict checks of values are supported" };
  }
  const validate = validators[as];
  const valid = validate(JSON.parse(text));
  const pointers = new Set((validate.errors ?? []).map(pointerOf).filter((pointer) => pointer !== undefined));
  return { valid, violations: [...pointers].map((pointer) => ({ pointer })) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request: Case = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer(request) })}\n`);
}
