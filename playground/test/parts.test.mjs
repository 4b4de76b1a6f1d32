// The parts of the page that need no browser.

import assert from "node:assert/strict";
import test from "node:test";
import { difference, layOut } from "../src/layout.js";
import { moveMarks, pieces } from "../src/marks.js";
import { fragmentOf, stateOf } from "../src/share.js";

const mark = (start, end, severity = "violation") => ({ start, end, severity });

test("marks move with the text around them, and those of replaced text disappear", () => {
  const text = '{"a": 1, "b": 2}';
  const marks = [mark(1, 4), mark(6, 7), mark(14, 15)];
  assert.deepEqual(moveMarks(marks, text, text), marks);
  assert.deepEqual(moveMarks(marks, text, ` ${text}`), [mark(2, 5), mark(7, 8), mark(15, 16)]);
  assert.deepEqual(moveMarks(marks, text, '{"a": , "b": 2}'), [mark(1, 4), mark(13, 14)]);
  assert.deepEqual(moveMarks([mark(1, 4)], text, '{"aa": 1, "b": 2}'), [mark(1, 5)]);
  assert.deepEqual(moveMarks(marks, text, ""), []);
});

test("pieces join to the text, and violations cover advisories", () => {
  const text = "0123456789";
  const cut = pieces(text, [mark(2, 6, "advisory"), mark(4, 8), { ...mark(0, 5), isEarlier: true }]);
  assert.equal(cut.map((piece) => piece.text).join(""), text);
  assert.deepEqual(
    cut.map(({ text: piece, mark: covering }) => [piece, covering && (covering.isEarlier ? "earlier" : covering.severity)]),
    [["01", "earlier"], ["23", "advisory"], ["4", "violation"], ["5", "violation"], ["67", "violation"], ["89", null]],
  );
  assert.deepEqual(pieces("", []), []);
});

test("the layout changes white space only", () => {
  for (const json of ['{"a":[1e2,-0.50,"x, {y}: \\"z\\""],"b":{},"c":[],"d":[[true],null]}', "[]", '"text"', "1"]) {
    const text = layOut(json);
    assert.deepEqual(JSON.parse(text), JSON.parse(json));
    assert.equal(layOut(text), text);
    const compact = JSON.stringify(JSON.parse(json));
    if (!json.includes("e2")) assert.equal(text, JSON.stringify(JSON.parse(compact), null, 2));
  }
  assert.equal(layOut("[1e2,12345678901234567890]"), "[\n  1e2,\n  12345678901234567890\n]");
});

test("a difference has the changed lines with two around them", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g"].join("\n");
  assert.deepEqual(difference(before, before), [null]);
  assert.deepEqual(
    difference(before, before.replace("d", "D")).map((line) => line && `${line.kind} ${line.text}`),
    [null, "same b", "same c", "removed d", "added D", "same e", "same f", null],
  );
});

test("a state survives its link, and a damaged link is an error", async () => {
  const state = { kind: "agent", unknownFields: true, unknownValues: false, text: '{"name": "Zoë 🙂 \u2028"}', agent: "" };
  const fragment = await fragmentOf(state);
  assert.match(fragment, /^#v1\.[\w-]+$/);
  assert.deepEqual(await stateOf(fragment), state);
  assert.equal(await stateOf(""), null);
  assert.equal(await stateOf("#content"), null);
  await assert.rejects(stateOf(`${fragment.slice(0, -8)}`));
  await assert.rejects(stateOf("#v1.%%%"));
  await assert.rejects(stateOf(await fragmentOf({ ...state, kind: "other" })));
  await assert.rejects(stateOf(await fragmentOf({ ...state, text: " ".repeat(5 << 20) })), /at most 4194304 bytes/);
});
