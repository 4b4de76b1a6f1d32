// The module in the committed page says the same as one that was built now. Two builds of the same sources can differ in
// bytes, so their results are compared.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { gunzipSync } from "node:zlib";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url));

/** A copy of the package with a module of its own. */
async function load(name, module) {
  const callagent = await import(`../../bindings/wasm/core.js?${name}`);
  callagent.initialize(new WebAssembly.Module(module));
  return callagent;
}

const [, packed] = read("docs/playground.html").toString().match(/<script [^>]*id="module">([^<]*)/);
const committed = await load("committed", gunzipSync(Buffer.from(packed, "base64")));
const built = await load("built", read("bindings/wasm/callagent.wasm"));

/** Everything that the page shows of a document. */
function results(callagent, text, kind, options) {
  const report = callagent.check(text, kind, options);
  return {
    report: report.toJSON(),
    fixed: callagent.fix(text, kind, options),
    masked: callagent.mask(text, kind),
    normalized: report.valid ? callagent.normalize(text, kind, options) : null,
  };
}

const STALE = "docs/playground.html is stale; run `cargo xtask generate --playground` and commit the result";

test("the committed module agrees with a new one on every vector", () => {
  const files = readdirSync(new URL("../../fixtures/vectors", import.meta.url), { recursive: true });
  const suites = files.filter((name) => /^\w+\/[\w-]+\.json$/.test(name));
  const vectors = suites.flatMap((name) => JSON.parse(read(`fixtures/vectors/${name}`)).vectors);
  let compared = 0;
  for (const { as, text, base64, agent, update } of vectors) {
    const documents =
      as === undefined
        ? [[agent, "agent"], [update, "update"]]
        : [[base64 === undefined ? text : new Uint8Array(Buffer.from(base64, "base64")), as]];
    for (const [document, kind] of documents) {
      for (const tolerant of [false, true]) {
        const options = { suggest: true, tolerateUnknownFields: tolerant, tolerateUnknownValues: tolerant };
        const [old, now] = [committed, built].map((callagent) => results(callagent, document, kind, options));
        assert.deepEqual(old, now, STALE);
        compared += 1;
      }
    }
    if (as === undefined) assert.equal(committed.apply(agent, update), built.apply(agent, update), STALE);
  }
  assert.ok(compared > 2000, `only ${compared} documents were compared`);
});

test("the committed module has the same codes and explanations", () => {
  assert.deepEqual(committed.codes(), built.codes(), STALE);
  for (const code of built.codes()) assert.deepEqual(committed.explain(code), built.explain(code), STALE);
});
