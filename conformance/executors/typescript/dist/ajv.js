// An executor of the committed schemas: Ajv, with the places of violations.
//
//     node dist/ajv.js SCHEMAS
//
// It judges JSON values, so it skips what only text has, and it knows no tolerance.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Ajv2020 } from "ajv/dist/2020.js";
const folder = process.argv[2] ?? "schemas";
function compiled(file) {
    const schema = JSON.parse(readFileSync(join(folder, file), "utf8"));
    return new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
}
const validators = {
    update: compiled("update-agent.schema.json"),
    agent: compiled("agent.schema.json"),
};
function child(pointer, name) {
    return `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
function place(error) {
    switch (error.keyword) {
        case "required":
            return child(error.instancePath, error.params["missingProperty"]);
        case "additionalProperties":
            return child(error.instancePath, error.params["additionalProperty"]);
        case "if":
            // What its `then` asks for is an error of its own.
            return undefined;
        default:
            return error.instancePath;
    }
}
function answer({ kind, as, text, tolerant }) {
    if (kind !== "values" || as === undefined || text === undefined || tolerant !== undefined) {
        return { skip: "a schema judges values, and strictly" };
    }
    const validate = validators[as];
    const valid = validate(JSON.parse(text));
    const places = new Set((validate.errors ?? []).map(place).filter((pointer) => pointer !== undefined));
    return { valid, violations: [...places].map((pointer) => ({ pointer })) };
}
for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    process.stdout.write(`${JSON.stringify({ id: asked.id, ...answer(asked) })}\n`);
}
