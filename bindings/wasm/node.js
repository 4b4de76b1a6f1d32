// The package in Node.js, where the module is read and compiled synchronously.
import { readFileSync } from "node:fs";
import { initialize } from "./core.js";

initialize(new WebAssembly.Module(readFileSync(new URL("./callagent.wasm", import.meta.url))));

export {
  InvalidDocument,
  Report,
  apply,
  applyStored,
  check,
  codes,
  explain,
  fix,
  isValid,
  mask,
  normalize,
  parse,
} from "./core.js";
