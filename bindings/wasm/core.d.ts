/** The package without its module, for programs that load `callagent.wasm` in their own way. */

export * from "./callagent.js";

/** Sets the compiled module, before anything else is called. */
export function initialize(module: WebAssembly.Module): void;
