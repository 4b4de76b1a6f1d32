// The adapter for the npm package. It covers the whole contract.
//
//     cargo xtask conformance --languages javascript
import { createInterface } from "node:readline";
import { answerTo } from "../../../bindings/wasm/test/vectors.mjs";
import * as callagent from "../../../bindings/wasm/node.js";

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answerTo(callagent, JSON.parse(line))));
}
