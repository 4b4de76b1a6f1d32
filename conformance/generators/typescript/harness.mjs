// Answers the cases of conformance/PROTOCOL.md by what a generator wrote.
//
//     node harness.mjs JUDGE …
//
// A judge of judges/ gives two functions, `update` and `agent`: they take a document's text, throw where it is refused (and
// `isRefusal` tells that from a breakdown), and give what a client would send of it, if it is of that kind.

import { createInterface } from "node:readline";

const [name, ...settings] = process.argv.slice(2);
const { default: prepare } = await import(`./judges/${name}.mjs`);
const judges = await prepare(...settings);

function answer({ kind, as, text, tolerant }) {
  if (kind !== "values" || tolerant !== undefined) {
    return { skip: "it judges values, and strictly" };
  }
  try {
    return { valid: true, output: judges[as](text) };
  } catch (error) {
    if (!judges.isRefusal(error)) {
      return { error: String(error.stack) };
    }
    return { valid: false };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: asked.id, ...answer(asked) })}\n`);
}
