// Times validators in JavaScript on the documents of a folder: in_node.mjs FOLDER ROUNDS. Prints JSON.
//
// The validators are the npm package of this workspace and others. `in_node.mjs --start` prints the times of import and
// first call.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Type } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import Ajv from "ajv/dist/2020.js";
import * as v from "valibot";
import { z } from "zod";
import { check, isValid } from "../../bindings/wasm/node.js";

const SCHEMA = new URL("../../schemas/update-agent.schema.json", import.meta.url);
// Vocabularies and bounds come from the schema, so that they are stated once.
const schema = JSON.parse(readFileSync(SCHEMA, "utf8"));
const [MODELS, PROVIDERS] = [schema.$defs.LlmModel.enum, schema.$defs.TtsProvider.enum];
const ATTEMPTS = schema.properties.maxAttemptsForSmartCallback;
const { days: DAYS, hours: HOURS } = schema.$defs.Gap.properties;
const FRACTION = { minimum: 0, maximum: 1 };
const NEEDS_KEY = "11labs_byo";

function withZod() {
  const integer = ({ minimum, maximum }) => z.int().min(minimum).max(maximum).optional();
  const fraction = z.number().min(FRACTION.minimum).max(FRACTION.maximum).optional();
  const tts = z.strictObject({
    provider: z.enum(PROVIDERS),
    voiceId: z.string().optional(),
    language: z.string().optional(),
    elevenLabsApiKey: z.string().nullable().optional(),
  });
  return z.strictObject({
    name: z.string().optional(),
    llmModel: z.enum(MODELS),
    ttsModel: tts.refine(({ provider, elevenLabsApiKey }) => provider !== NEEDS_KEY || elevenLabsApiKey).optional(),
    smartCallback: z.boolean().optional(),
    maxAttemptsForSmartCallback: integer(ATTEMPTS),
    gapBetweenEachAttemptForSmartCallback: z.strictObject({ days: integer(DAYS), hours: integer(HOURS) }).array().optional(),
    phoneNumberIds: z.string().array().optional(),
    settings: z.looseObject({ speed: fraction, volume: fraction, temperature: fraction }).optional(),
    variables: z.record(z.string(), z.unknown()).optional(),
  });
}

function withValibot() {
  const { optional } = v;
  const bounded = (type, { minimum, maximum }) => optional(v.pipe(type, v.minValue(minimum), v.maxValue(maximum)));
  const integer = (bounds) => bounded(v.pipe(v.number(), v.integer()), bounds);
  const fraction = bounded(v.number(), FRACTION);
  // Its objects may be arrays.
  const object = (type) => optional(v.pipe(type, v.check((value) => !Array.isArray(value))));
  const tts = v.strictObject({
    provider: v.picklist(PROVIDERS),
    voiceId: optional(v.string()),
    language: optional(v.string()),
    elevenLabsApiKey: v.nullish(v.string()),
  });
  const gap = v.pipe(v.strictObject({ days: integer(DAYS), hours: integer(HOURS) }), v.check((value) => !Array.isArray(value)));
  return v.strictObject({
    name: optional(v.string()),
    llmModel: v.picklist(MODELS),
    ttsModel: optional(v.pipe(tts, v.check(({ provider, elevenLabsApiKey }) => provider !== NEEDS_KEY || !!elevenLabsApiKey))),
    smartCallback: optional(v.boolean()),
    maxAttemptsForSmartCallback: integer(ATTEMPTS),
    gapBetweenEachAttemptForSmartCallback: optional(v.array(gap)),
    phoneNumberIds: optional(v.array(v.string())),
    settings: object(v.looseObject({ speed: fraction, volume: fraction, temperature: fraction })),
    variables: object(v.record(v.string(), v.unknown())),
  });
}

function withTypebox() {
  const closed = { additionalProperties: false };
  const { Optional } = Type;
  const integer = ({ minimum, maximum }) => Optional(Type.Integer({ minimum, maximum }));
  const words = (list) => Type.Union(list.map((word) => Type.Literal(word)));
  const fraction = Optional(Type.Number(FRACTION));
  const tts = (provider, elevenLabsApiKey) =>
    Type.Object({ provider, voiceId: Optional(Type.String()), language: Optional(Type.String()), elevenLabsApiKey }, closed);
  const others = words(PROVIDERS.filter((provider) => provider !== NEEDS_KEY));
  const key = Optional(Type.Union([Type.String(), Type.Null()]));
  return TypeCompiler.Compile(
    Type.Object(
      {
        name: Optional(Type.String()),
        llmModel: words(MODELS),
        ttsModel: Optional(Type.Union([tts(Type.Literal(NEEDS_KEY), Type.String({ minLength: 1 })), tts(others, key)])),
        smartCallback: Optional(Type.Boolean()),
        maxAttemptsForSmartCallback: integer(ATTEMPTS),
        gapBetweenEachAttemptForSmartCallback: Optional(Type.Array(Type.Object({ days: integer(DAYS), hours: integer(HOURS) }, closed))),
        phoneNumberIds: Optional(Type.Array(Type.String())),
        settings: Optional(Type.Object({ speed: fraction, volume: fraction, temperature: fraction })),
        variables: Optional(Type.Record(Type.String(), Type.Unknown())),
      },
      closed,
    ),
  );
}

function withFindings(text) {
  const report = check(text);
  let found = 0;
  for (const { code, pointer, offset, message } of report.violations) found += code.length + pointer.length + offset + message.length;
  return found === 0;
}

const first = new Ajv({ strict: true, strictRequired: false }).compile(schema);
const all = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schema);
const [byZod, byValibot, byTypebox] = [withZod(), withValibot(), withTypebox()];
const encoder = new TextEncoder();
/** The bytes of the texts. */
const bytes = new Map();

// JSON.parse keeps the last value of a repeated name.
const repeated = ["repeated-field", "repeated-name"];
const contestants = [
  { name: "JSON.parse alone", gives: "nothing", blind: null, accepts: (text) => typeof JSON.parse(text) === "object" },
  { name: "callagent, isValid", gives: "verdict", blind: [], accepts: (text) => isValid(text) },
  { name: "callagent, check", gives: "all", blind: [], accepts: (text) => check(text).valid },
  { name: "callagent, check of bytes", gives: "all", blind: [], accepts: (text) => check(bytes.get(text)).valid },
  { name: "callagent, check, every finding read", gives: "all", blind: [], accepts: withFindings },
  { name: "JSON.parse + Ajv, first error", gives: "first", blind: repeated, accepts: (text) => first(JSON.parse(text)) },
  { name: "JSON.parse + Ajv, all errors", gives: "all", blind: repeated, accepts: (text) => all(JSON.parse(text)) },
  { name: "JSON.parse + TypeBox, verdict", gives: "verdict", blind: repeated, accepts: (text) => byTypebox.Check(JSON.parse(text)) },
  { name: "JSON.parse + zod", gives: "all", blind: repeated, accepts: (text) => byZod.safeParse(JSON.parse(text)).success },
  { name: "JSON.parse + valibot", gives: "all", blind: repeated, accepts: (text) => v.safeParse(byValibot, JSON.parse(text)).success },
].map((contestant) => ({ ...contestant, name: `node: ${contestant.name}` }));

function measure(folder, rounds, set) {
  const lines = readFileSync(`${folder}/${set}.jsonl`, "utf8").trimEnd().split("\n");
  const documents = lines.map((line) => JSON.parse(line));
  for (const { text } of documents) bytes.set(text, encoder.encode(text));
  for (const contestant of contestants) {
    let wrongVerdicts = 0;
    for (const { text, flaws } of documents) {
      const expected = flaws.every((flaw) => contestant.blind?.includes(flaw) ?? true);
      if (contestant.accepts(text) !== expected) {
        throw new Error(`${contestant.name} on ${flaws}: ${text}`);
      }
      wrongVerdicts += Number(expected !== (flaws.length === 0));
    }
    contestant.wrongVerdicts = wrongVerdicts;
    contestant.rounds = [];
  }
  const texts = documents.map(({ text }) => text);
  const passes = Math.ceil(1e6 / texts.reduce((sum, text) => sum + text.length, 0));
  let kept = 0;
  // Rounds before 0 warm up the compiler.
  for (let round = -3; round < rounds; round++) {
    for (const contestant of contestants) {
      // The caches of the previous contestant affect the first pass.
      for (const text of texts) kept += contestant.accepts(text);
      const start = process.hrtime.bigint();
      for (let pass = 0; pass < passes; pass++) {
        for (const text of texts) kept += contestant.accepts(text);
      }
      const nanoseconds = Number(process.hrtime.bigint() - start) / (passes * texts.length);
      if (round >= 0) contestant.rounds.push(nanoseconds);
    }
  }
  if (kept < 0) throw new Error("unreachable; prevents the optimizer from removing the verdicts");
  return { set, rows: contestants.map(({ name, gives, wrongVerdicts, rounds }) => ({ name, gives, wrong_verdicts: wrongVerdicts, rounds })) };
}

/** The import, what a program makes once, and the first call. */
const STARTS = {
  "callagent, check": ["../../bindings/wasm/node.js", "", "imported.check(text)"],
  "Ajv": ["ajv/dist/2020.js", "const made = new imported.default({ strictRequired: false }).compile(schema)", "made(JSON.parse(text))"],
};

function start([path, once, call]) {
  const program = `
    import { readFileSync } from "node:fs";
    const schema = JSON.parse(readFileSync(new URL(${JSON.stringify(SCHEMA.href)}), "utf8"));
    const text = '{"llmModel":"gpt-5"}';
    const t0 = process.hrtime.bigint();
    const imported = await import(${JSON.stringify(import.meta.resolve(path))});
    const t1 = process.hrtime.bigint();
    ${once};
    const t2 = process.hrtime.bigint();
    ${call};
    console.log(t1 - t0, t2 - t1, process.hrtime.bigint() - t2);`;
  const run = () => execFileSync(process.execPath, ["--input-type=module"], { input: program, encoding: "utf8" });
  const times = Array.from({ length: 15 }, () => run().match(/\d+/g).map(Number));
  return [0, 1, 2].map((column) => times.map((row) => row[column]).sort((a, b) => a - b)[7] / 1000);
}

if (process.argv[2] === "--start") {
  console.log("| package | import | once | first call |\n| --- | ---: | ---: | ---: |");
  for (const [name, parts] of Object.entries(STARTS)) {
    console.log(`| ${name} | ${start(parts).map((time) => `${time.toFixed(0)} µs`).join(" | ")} |`);
  }
} else {
  const [folder, rounds] = [process.argv[2], Number(process.argv[3])];
  const sets = ["realistic", "small", "large"].flatMap((name) => [`${name}-valid`, `${name}-invalid`]);
  console.log(JSON.stringify(sets.map((set) => measure(folder, rounds, set))));
}
