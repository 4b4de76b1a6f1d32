// Marks: ranges of a text that an editor underlines. Offsets are in UTF-16 code units.

/**
 * @typedef {object} Mark
 * @property {number} start
 * @property {number} end
 * @property {"violation" | "advisory"} severity
 * @property {boolean} [isEarlier] whether the mark is from before the text stopped being JSON
 */

/** The most marks that are drawn. */
const MOST = 200;

/**
 * The marks of a report. A mark ends with its first line, since a finding on an object spans all of its lines.
 *
 * @param {string} text
 * @param {import("callagent").Report} report
 * @returns {Mark[]}
 */
export function marksOf(text, report) {
  const mark = (finding, severity) => {
    const { offset, length } = finding;
    const line = text.indexOf("\n", offset);
    const end = Math.min(offset + Math.max(length, 1), line <= offset ? text.length : line);
    // A finding at the end of the text has nothing to underline but the last character.
    return offset < end ? { start: offset, end, severity } : { start: Math.max(offset - 1, 0), end: offset, severity };
  };
  return [
    ...report.violations.map((finding) => mark(finding, "violation")),
    ...report.advisories.map((finding) => mark(finding, "advisory")),
  ].slice(0, MOST);
}

/**
 * Moves marks with the text around them. Marks of replaced text disappear.
 *
 * @param {Mark[]} marks
 * @param {string} before
 * @param {string} after
 * @returns {Mark[]}
 */
export function moveMarks(marks, before, after) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  const [end, growth] = [before.length - same, after.length - before.length];
  const move = (offset, inside) => (offset <= start ? offset : offset >= end ? offset + growth : inside);
  return marks
    .map((mark) => ({ ...mark, start: move(mark.start, end + growth), end: move(mark.end, start) }))
    .filter((mark) => mark.start < mark.end);
}

/**
 * Divides a text at the ends of marks. A piece has the most important mark that covers it.
 *
 * @param {string} text
 * @param {Mark[]} marks
 * @returns {{ text: string, start: number, mark: Mark | null }[]}
 */
export function pieces(text, marks) {
  const weight = ({ severity, isEarlier }) => (isEarlier ? 0 : 2) + (severity === "violation" ? 1 : 0);
  const byWeight = [...marks].sort((a, b) => weight(b) - weight(a));
  const cuts = new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1];
    const mark = byWeight.find((mark) => mark.start <= start && end <= mark.end) ?? null;
    return { text: text.slice(start, end), start, mark };
  });
}
