// Times Ajv on the documents of a folder: in_node.mjs FOLDER ROUNDS. Prints JSON.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const [folder, rounds] = [process.argv[2], Number(process.argv[3])];
const schema = JSON.parse(readFileSync(new URL("../../schemas/update-agent.schema.json", import.meta.url), "utf8"));
const first = new Ajv({ strict: true, strictRequired: false }).compile(schema);
const all = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

// JSON.parse keeps the last value of a repeated name.
const repeated = ["repeated-field", "repeated-name"];
const contestants = [
  { name: "node: JSON.parse alone", gives: "nothing", blind: null, accepts: (text) => typeof JSON.parse(text) === "object" },
  { name: "node: Ajv, first error", gives: "first", blind: repeated, accepts: (text) => first(JSON.parse(text)) },
  { name: "node: Ajv, all errors", gives: "all", blind: repeated, accepts: (text) => all(JSON.parse(text)) },
];

const results = [];
for (const set of ["realistic", "small", "large"].flatMap((name) => [`${name}-valid`, `${name}-invalid`])) {
  const lines = readFileSync(`${folder}/${set}.jsonl`, "utf8").trimEnd().split("\n");
  const documents = lines.map((line) => JSON.parse(line));
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
  results.push({ set, rows: contestants.map(({ name, gives, wrongVerdicts, rounds }) => ({ name, gives, wrong_verdicts: wrongVerdicts, rounds })) });
}
console.log(JSON.stringify(results));
