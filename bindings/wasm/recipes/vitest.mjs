// Vitest and Jest: a matcher whose failure lists the violations with their places.
import { check } from "callagent";

/** The matchers for `expect.extend`. */
export const matchers = {
  /** Passes if a JSON text is a valid document. */
  toBeDocument(text, kind = "update", options) {
    const report = check(text, kind, options);
    const lines = report.violations.map(({ line, column, pointer, message }) => `${line}:${column} ${pointer}: ${message}`);
    const message = report.valid
      ? () => `expected a text that is not a valid ${kind}`
      : () => `expected a valid ${kind}, found violations:\n${lines.join("\n")}`;
    return { pass: report.valid, message };
  },
};
