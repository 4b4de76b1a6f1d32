// Times Ajv on the documents of a folder: in_node.mjs FOLDER ROUNDS. Prints JSON.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const [folder, rounds] = [process.argv[2], Number(process.argv[3])];
const schema = JSON.parse(readFileSync(new URL("../../schemas/update-agent.schema.json", import.meta.url), "utf8"));
const first = new Ajv({ strict: true, strictRequired: false }).compile(schema);
const all = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

// Of a repeated name JSON.parse keeps the last value.
const repeated = ["repeated-field", "repeated-name"];
const contestants = [
  { name: "node: JSON.parse alone", gives: "nothing", blind: null, judge: (text) => typeof JSON.parse(text) === "object" },
  { name: "node: Ajv, first error", gives: "first", blind: repeated, judge: (text) => first(JSON.parse(text)) },
  { name: "node: Ajv, all errors", gives: "all", blind: repeated, judge: (text) => all(JSON.parse(text)) },
];

const results = [];
for (const set of ["realistic", "small", "large"].flatMap((name) => [`${name}-valid`, `${name}-invalid`])) {
  const lines = readFileSync(`${folder}/${set}.jsonl`, "utf8").trimEnd().split("\n");
  const documents = lines.map((line) => JSON.parse(line));
  for (const contestant of contestants) {
    let misjudged = 0;
    for (const { text, flaws } of documents) {
      const expected = flaws.every((flaw) => contestant.blind?.includes(flaw) ?? true);
      if (contestant.judge(text) !== expected) {
        throw new Error(`${contestant.name} on ${flaws}: ${text}`);
      }
      misjudged += Number(expected !== (flaws.length === 0));
    }
    contestant.misjudged = misjudged;
    contestant.rounds = [];
  }
  const texts = documents.map(({ text }) => text);
  const passes = Math.ceil(1e6 / texts.reduce((sum, text) => sum + text.length, 0));
  let kept = 0;
  // Rounds before 0 let the compiler settle.
  for (let round = -3; round < rounds; round++) {
    for (const contestant of contestants) {
      // What the one before it left in the caches would tell on the first pass.
      for (const text of texts) kept += contestant.judge(text);
      const start = process.hrtime.bigint();
      for (let pass = 0; pass < passes; pass++) {
        for (const text of texts) kept += contestant.judge(text);
      }
      const nanoseconds = Number(process.hrtime.bigint() - start) / (passes * texts.length);
      if (round >= 0) contestant.rounds.push(nanoseconds);
    }
  }
  if (kept < 0) throw new Error("unreachable: it keeps the verdicts in use");
  results.push({ set, rows: contestants.map(({ name, gives, misjudged, rounds }) => ({ name, gives, misjudged, rounds })) });
}
console.log(JSON.stringify(results));
