// The package in browsers, where the module is fetched next to this file.
import { initialize } from "./core.js";

const response = await fetch(new URL("./callagent.wasm", import.meta.url));
if (!response.ok) throw new Error(`cannot load ${response.url}: ${response.status} ${response.statusText}`);
// Streaming requires this media type, which some servers do not know.
const isTyped = response.headers.get("content-type")?.startsWith("application/wasm");
initialize(await (isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())));

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
