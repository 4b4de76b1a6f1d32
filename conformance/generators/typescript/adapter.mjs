// The adapter for generated TypeScript and JavaScript; conformance/PROTOCOL.md specifies the protocol.
//
//     node adapter.mjs ENGINE …
//
// A module in engines/ returns two functions, `update` and `agent`. They take the text of a document and return it as a client
// would send it, or nothing if the generated code does not serialize. They throw if the document is invalid; `isRejection`
// distinguishes these errors from all others.

import { createInterface } from "node:readline";

const [name, ...settings] = process.argv.slice(2);
const { default: prepare } = await import(`./engines/${name}.mjs`);
const engine = await prepare(...settings);

function answer({ kind, as, text, tolerant }) {
  if (kind !== "values" || tolerant !== undefined) {
    return { skip: "only strict checks of values are supported" };
  }
  try {
    return { valid: true, output: engine[as](text) };
  } catch (error) {
    if (!engine.isRejection(error)) {
      return { error: String(error.stack) };
    }
    return { valid: false };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer(request) })}\n`);
}
