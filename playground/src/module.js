// The package `callagent`, with its WebAssembly module from the page itself.

import { initialize } from "../../bindings/wasm/core.js";
import { byId } from "./dom.js";

const packed = Uint8Array.from(atob(byId("module", HTMLScriptElement).text.trim()), (byte) => byte.charCodeAt(0));
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
initialize(await WebAssembly.compile(await new Response(unpacked).arrayBuffer()));

export * as callagent from "../../bindings/wasm/core.js";
