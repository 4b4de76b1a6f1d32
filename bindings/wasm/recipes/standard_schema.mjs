// A Standard Schema (https://standardschema.dev), for libraries that take validators of any kind. It takes JSON text.
import { check, parse } from "callagent";

/** Returns the schema of a kind of document. */
export function schema(kind = "update", options) {
  const validate = (text) => {
    if (typeof text !== "string" && !(text instanceof Uint8Array)) {
      return { issues: [{ message: "expected JSON text", path: [] }] };
    }
    const report = check(text, kind, options);
    return report.valid ? { value: parse(text, kind, options) } : { issues: report.violations.map(issue) };
  };
  return { "~standard": { version: 1, vendor: "callagent", validate } };
}

function issue({ message, pointer }) {
  const names = pointer.split("/").slice(1);
  return { message, path: names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~")) };
}
