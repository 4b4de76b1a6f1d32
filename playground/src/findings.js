// The list of findings, with their rules and fixes.

import { count, element, prose } from "./dom.js";

/** @typedef {import("callagent").Finding} Finding */
/** @typedef {import("callagent").Report} Report */
/** @typedef {import("callagent").Explanation} Explanation */

/**
 * What a user can do with a finding.
 *
 * @typedef {object} Actions
 * @property {(finding: Finding) => void} show
 * @property {(finding: Finding) => void} fix
 * @property {(code: string) => Explanation} explain
 * @property {(explanation: Explanation, text: string) => void} open
 */

/**
 * A sentence on the verdict.
 *
 * @param {Report} report
 */
export function verdict(report) {
  const advisories = count(report.advisoryCount, "advisory", "advisories");
  if (report.valid) return report.clean ? "Valid." : `Valid, with ${advisories}.`;
  const violations = count(report.violationCount, "violation", "violations");
  return report.advisoryCount ? `Invalid: ${violations}, ${advisories}.` : `Invalid: ${violations}.`;
}

/**
 * Lists the findings of a report.
 *
 * @param {HTMLElement} list
 * @param {Report} report
 * @param {Actions} actions
 */
export function listFindings(list, report, actions) {
  const opened = new Set([...list.querySelectorAll("details[open]")].map(({ dataset }) => dataset.key));
  const items = [
    ...report.violations.map((finding) => item(finding, "violation", actions, opened)),
    ...report.advisories.map((finding) => item(finding, "advisory", actions, opened)),
  ];
  const left = report.violationCount + report.advisoryCount - items.length;
  if (left > 0) items.push(element("li", { className: "cut" }, `${left} more`));
  list.replaceChildren(...items);
}

/**
 * @param {Finding} finding
 * @param {"violation" | "advisory"} severity
 * @param {Actions} actions
 * @param {Set<string | undefined>} opened the rules that stay open
 */
function item(finding, severity, actions, opened) {
  const { line, column, pointer, message, expected, note, suggestion, code } = finding;
  const place = element("button", { type: "button", className: "place" }, `Line ${line}, column ${column}`);
  place.addEventListener("click", () => actions.show(finding));
  const head = element("p", { className: "head" }, element("span", { className: "severity" }, severity), " ", place, " ");
  head.append(element("code", {}, pointer === "" ? "whole document" : pointer));
  const parts = [head, element("p", { className: "message" }, ...prose(message))];
  // Some messages say it already.
  if (expected && !message.includes(expected)) {
    parts.push(element("p", { className: "expected" }, "Expected ", ...prose(expected)));
  }
  if (note) parts.push(element("p", { className: "note" }, "Note: ", ...prose(note)));
  if (suggestion) {
    const label = suggestion.text === "" ? "Remove" : `Replace with ${suggestion.text}`;
    const fix = element("button", { type: "button", className: "fix" }, suggestion.safe ? label : `${label} (please check)`);
    fix.addEventListener("click", () => actions.fix(finding));
    parts.push(element("p", {}, fix));
  }
  parts.push(rule(code, `${code} ${pointer}`, actions, opened));
  return element("li", { className: severity }, ...parts);
}

/**
 * The rule behind a code, which is written when it is opened.
 *
 * @param {string} code
 * @param {string} key
 * @param {Actions} actions
 * @param {Set<string | undefined>} opened
 */
function rule(code, key, actions, opened) {
  const details = element("details", {}, element("summary", {}, "Rule: ", element("code", {}, code)));
  details.dataset.key = key;
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...explained(actions.explain(code), actions));
  });
  details.open = opened.has(key);
  return details;
}

/**
 * @param {Explanation} explanation
 * @param {Actions} actions
 */
function explained(explanation, actions) {
  const paragraphs = [explanation.meaning, explanation.reason, explanation.fix];
  const example = (title, text) => {
    const open = element("button", { type: "button" }, "Open in the editor");
    open.addEventListener("click", () => actions.open(explanation, text));
    const caption = element("figcaption", {}, `${title} `, open);
    return element("figure", {}, caption, element("pre", { tabIndex: 0 }, text));
  };
  return [
    ...paragraphs.map((paragraph) => element("p", {}, ...prose(paragraph))),
    example("For example:", explanation.example),
    example("Fixed:", explanation.fixed),
  ];
}

/**
 * Moves to the next finding after the caret, or to the first one.
 *
 * @param {Report} report
 * @param {number} caret
 * @param {boolean} isBackward
 * @returns {Finding | undefined}
 */
export function nextFinding(report, caret, isBackward) {
  const sorted = [...report.violations, ...report.advisories].sort((a, b) => a.offset - b.offset);
  if (isBackward) return sorted.findLast(({ offset }) => offset < caret) ?? sorted.at(-1);
  return sorted.find(({ offset }) => offset > caret) ?? sorted[0];
}

