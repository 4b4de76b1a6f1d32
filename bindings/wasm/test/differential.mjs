// Answers the documents of `cargo xtask differential --bindings`: a line of JSON for each line of JSON.
//
// Offsets in the answers are in bytes, and columns in code points.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { InvalidDocument, check, fix, isValid, normalize } from "callagent";

/** Returns the places of a document as those of its bytes. */
function placesIn(document, bytes) {
  const byte = typeof document === "string" ? (unit) => Buffer.byteLength(document.slice(0, unit)) : (unit) => unit;
  const span = ({ offset, length }) => ({ offset: byte(offset), length: byte(offset + length) - byte(offset) });
  const column = ({ offset }) => {
    const before = bytes.subarray(0, byte(offset)).toString();
    return [...before.slice(before.lastIndexOf("\n") + 1)].length + 1;
  };
  return { span, column };
}

function fieldsOf(finding, document, bytes) {
  const { span, column } = placesIn(document, bytes);
  const { suggestion, offset, length } = finding;
  const lines = document.slice(0, offset);
  const start = typeof lines === "string" ? lines.lastIndexOf("\n") : lines.lastIndexOf(10);
  assert.equal(finding.column, offset - start);
  const place = span(finding);
  // The first byte of a character, which is the whole character in a string.
  if (finding.code === "malformed") place.length = Math.min(length, 1);
  return {
    code: finding.code,
    pointer: finding.pointer,
    line: finding.line,
    column: column(finding),
    ...place,
    message: finding.message,
    expected: finding.expected ?? null,
    found: finding.found ?? null,
    note: finding.note ?? null,
    suggestion: suggestion ? { ...span(suggestion), text: suggestion.text, safe: suggestion.safe } : null,
  };
}

function normalized(...document) {
  try {
    return [normalize(...document), undefined];
  } catch (error) {
    assert(error instanceof InvalidDocument);
    return [null, error.report];
  }
}

function answerTo({ kind, base64, string, options }) {
  const bytes = Buffer.from(base64, "base64");
  const document = string ? bytes.toString() : bytes;
  const report = check(document, kind, options);
  assert.equal(isValid(document, kind, options), report.valid);
  // The findings of the report are read after other calls.
  const [text, invalid] = normalized(document, kind, options);
  const fixed = fix(document, kind, options);
  assert.deepEqual(invalid?.toJSON() ?? report.toJSON(), report.toJSON());
  return {
    valid: report.valid,
    clean: report.clean,
    cut: report.cut,
    violations: report.violations.map((violation) => fieldsOf(violation, document, bytes)),
    advisories: report.advisories.map((advisory) => fieldsOf(advisory, document, bytes)),
    fixed: Buffer.from(fixed).toString("base64"),
    normalized: text,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answerTo(JSON.parse(line))));
}
