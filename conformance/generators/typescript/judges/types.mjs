// Types without code: whether a document, written as a literal, may be assigned to its type, by TypeScript's compiler.
//
//     node harness.mjs types UPDATE AGENT       each a type as an expression, `import("…").UpdateAgent`

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

class Refused extends Error {}

/** The diagnostics of a text; all else is compiled once. */
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
  const judge = (type) => (text) => {
    const [first] = diagnose(`export const document: ${type} = ${text};\n`);
    if (first !== undefined) {
      throw new Refused(ts.flattenDiagnosticMessageText(first.messageText, "\n"));
    }
  };
  return { update: judge(update), agent: judge(agent), isRefusal: (error) => error instanceof Refused };
}
