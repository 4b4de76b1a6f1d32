// Types without code. A document is valid if the compiler can assign it, written as a literal, to its type.
//
//     node adapter.mjs types UPDATE AGENT       type expressions such as `import("…").UpdateAgent`

import ts from "typescript";

const PROBE = "probe.ts";
const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ["lib.es5.d.ts"],
  types: [],
};

class Rejected extends Error {}

/** Returns a function from a text to its diagnostics. All other files are compiled once. */
function compiler() {
  const host = ts.createCompilerHost(OPTIONS);
  const fromDisk = host.getSourceFile;
  const files = new Map();
  let text = "";
  host.getSourceFile = (name, ...options) => {
    if (name === PROBE) {
      return ts.createSourceFile(name, text, OPTIONS.target);
    }
    files.has(name) || files.set(name, fromDisk(name, ...options));
    return files.get(name);
  };
  let program;
  return (probe) => {
    text = probe;
    program = ts.createProgram([PROBE], OPTIONS, host, program);
    const source = program.getSourceFile(PROBE);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  };
}

export default function prepare(update, agent) {
  const diagnose = compiler();
  const check = (type) => (text) => {
    const [first] = diagnose(`export const document: ${type} = ${text};\n`);
    if (first !== undefined) {
      throw new Rejected(ts.flattenDiagnosticMessageText(first.messageText, "\n"));
    }
  };
  return { update: check(update), agent: check(agent), isRejection: (error) => error instanceof Rejected };
}
