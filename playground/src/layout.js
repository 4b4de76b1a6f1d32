// The layout of JSON text, and the differences between two texts.

import { diffLines } from "diff/lib/diff/line.js";

/** The number of unchanged lines that are shown around a change. */
const CONTEXT = 2;

/**
 * Lays out valid JSON text with one field or item per line. Numbers and strings keep their spelling.
 *
 * @param {string} json
 * @returns {string}
 */
export function layOut(json) {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
  let [text, depth] = ["", 0];
  const newLine = () => `\n${"  ".repeat(depth)}`;
  tokens.forEach((token, index) => {
    const isEmpty = /[[{]/.test(tokens[index - 1] ?? "") && /^[\]}]$/.test(token);
    if (/^[\]}]$/.test(token)) {
      depth -= 1;
      text += isEmpty ? token : newLine() + token;
    } else if (/^[[{]$/.test(token)) {
      depth += 1;
      text += token + (/^[\]}]$/.test(tokens[index + 1] ?? "") ? "" : newLine());
    } else {
      text += token === "," ? token + newLine() : token === ":" ? ": " : token;
    }
  });
  return text;
}

/**
 * The lines that differ between two texts, with some lines around them. `null` is a gap.
 *
 * @param {string} before
 * @param {string} after
 * @returns {({ kind: "same" | "removed" | "added", text: string } | null)[]}
 */
export function difference(before, after) {
  const lines = diffLines(`${before}\n`, `${after}\n`).flatMap(({ value, added, removed }) => {
    const kind = added ? "added" : removed ? "removed" : "same";
    return value.replace(/\n$/, "").split("\n").map((text) => ({ kind, text }));
  });
  const isNear = (index) => lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== "same");
  const shown = lines.map((line, index) => (isNear(index) ? line : null));
  return shown.filter((line, index) => line !== null || index === 0 || shown[index - 1] !== null);
}
