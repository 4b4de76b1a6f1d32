// The functions, reports and errors of the package.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as callagent from "callagent";
import { InvalidDocument, apply, applyStored, check, codes, explain, fix, isValid, mask, normalize, parse } from "callagent";

const bytesOf = (text) => new TextEncoder().encode(text);
const VALID = '{"llmModel":"gpt-5"}';

test("a valid document has a clean report", () => {
  const report = check(VALID);
  assert.deepEqual([report.valid, report.clean, report.cut, report.violationCount, report.advisoryCount], [true, true, false, 0, 0]);
  assert.deepEqual([...report.violations, ...report.advisories], []);
  assert.equal(String(report), "no violation");
});

test("a finding has all fields", () => {
  const report = check('{"llmModel":"gpt-5","nmae":"a","name":7}', "update", { suggest: true });
  assert.deepEqual(report.toJSON().violations, [
    {
      code: "unknown-field",
      pointer: "/nmae",
      offset: 20,
      length: 6,
      line: 1,
      column: 21,
      message: "unknown field `nmae`",
      expected: report.violations[0].expected,
    },
    {
      code: "wrong-type",
      pointer: "/name",
      offset: 38,
      length: 1,
      line: 1,
      column: 39,
      message: "invalid type for `name`: expected a string, found 7",
      expected: "a string",
      found: "7",
    },
  ]);
  const [{ suggestion }] = check('{"llmModel":"gpt-5","nmae":"a"}', "update", { suggest: true }).violations;
  assert.deepEqual(suggestion, { offset: 20, length: 6, text: '"name"', safe: true });
  const [{ note }] = check('{"llmModel":"gpt-5","status":"ready"}').violations;
  assert.equal(note, "the service sets this field; a request cannot change it");
});

test("places are UTF-16 units in strings and bytes in arrays", () => {
  const text = '{"name":"é€😀",\r\n "variables":{"😀":"😀"},"llmModel":"😀","\u{1f600}x":1,\n"é":2}';
  const bytes = bytesOf(text);
  const found = (report, part) => report.violations.map(({ offset, length }) => part(offset, offset + length));
  const expected = ['"😀"', '"😀x"', '"é"'];
  assert.deepEqual(found(check(text), (start, end) => text.slice(start, end)), expected);
  assert.deepEqual(found(check(bytes), (start, end) => new TextDecoder().decode(bytes.slice(start, end))), expected);
  const places = (report) => report.violations.map(({ line, column }) => [line, column]);
  assert.deepEqual(places(check(text)), [[2, 37], [2, 42], [3, 1]]);
  assert.deepEqual(places(check(bytes)), [[2, 41], [2, 48], [3, 1]]);
});

test("suggestions have the units of the document", () => {
  const text = '{"name":"😀é","llm_model":"gpt-5"}';
  for (const [document, offset] of [[text, 14], [bytesOf(text), 17]]) {
    const renamed = check(document, "update", { suggest: true }).violations.find(({ code }) => code === "unknown-field");
    assert.deepEqual(renamed.suggestion, { offset, length: 11, text: '"llmModel"', safe: true });
  }
});

test("an unpaired surrogate is malformed at its place", () => {
  for (const [text, offset, line] of [
    ['{"name":"é😀\ud800"}', 12, 1],
    ["\udc00", 0, 1],
    ['{\n"a\udfff\ud83d":1}', 4, 2],
    ["[tru\ud800]", 4, 1],
  ]) {
    const report = check(text);
    assert.deepEqual(
      report.violations.map(({ code, ...place }) => [code, place.offset, place.length, place.line]),
      [["malformed", offset, 1, line]],
    );
    assert.equal(isValid(text), false);
    assert.equal(fix(text), text);
    assert.throws(() => parse(text), InvalidDocument);
  }
  // An earlier error counts.
  assert.equal(check('{a"\ud800"}').violations[0].offset, 1);
});

test("findings are those of the text that was checked", () => {
  const bytes = bytesOf('{"llmModel":"gpt-5","nmae":1}');
  const report = check(bytes);
  bytes.fill(32);
  check("[]");
  const other = check(VALID.replace("gpt-5", "x"));
  assert.equal(report.violations[0].pointer, "/nmae");
  assert.equal(other.violations[0].pointer, "/llmModel");
  assert.equal(report.violations, report.violations);
});

test("a message between has no effect on findings", () => {
  const many = `{"llmModel":"gpt-5",${Array.from({ length: 30 }, (_, index) => `"x${index}":1`)}}`;
  const report = check(many, "update", { suggest: true });
  assert.match(String(report), /; and 10 more$/);
  assert.equal(report.violations.length, 30);
  assert.match(new InvalidDocument(report, "update").message, /; and 10 more$/);
});

test("options", () => {
  const text = '{"llmModel":"gpt-9","color":1,"size":2}';
  const codesOf = (options) => check(text, "update", options).violations.map(({ code }) => code);
  assert.deepEqual(codesOf(), ["unknown-value", "unknown-field", "unknown-field"]);
  assert.deepEqual(codesOf({ tolerateUnknownFields: true }), ["unknown-value"]);
  assert.deepEqual(codesOf({ tolerateUnknownValues: true, limit: undefined }), ["unknown-field", "unknown-field"]);
  assert.deepEqual(codesOf({ accept: ["llmModel=gpt-9"] }), ["unknown-field", "unknown-field"]);
  assert.deepEqual(codesOf({ accept: ["llmModel=gpt-8"], tolerateUnknownFields: true }), ["unknown-value"]);
  assert.deepEqual(codesOf({ accept: [] }), codesOf());
  const cut = check(text, "update", { limit: 1 });
  assert.deepEqual([cut.violations.length, cut.violationCount, cut.cut], [1, 3, true]);
  assert.equal(cut.toJSON().violationCount, 3);
  const many = `[${"1,".repeat(12_000)}1]`;
  const list = `{"llmModel":"gpt-5","phoneNumberIds":${many}}`;
  assert.equal(check(list).violations.length, 10_000);
  assert.equal(check(list, "update", { limit: 0 }).violations.length, 12_001);
});

test("a list of accepted values may change afterwards", () => {
  const accept = ["llmModel=gpt-9"];
  const report = check('{"llmModel":"gpt-9"}', "update", { accept });
  accept[0] = "llmModel=other";
  check(VALID, "update", { accept });
  assert.deepEqual(report.advisories.map(({ code }) => code), ["unknown-value"]);
});

test("parse, normalize and fix", () => {
  assert.deepEqual(parse(VALID), { llmModel: "gpt-5" });
  assert.deepEqual(parse(bytesOf('{"name":"é"}'), "agent"), { name: "é" });
  const tolerable = '{"llmModel":"gpt-5","color":1}';
  for (const text of [tolerable, bytesOf(tolerable)]) {
    assert.deepEqual(parse(text, "update", { tolerateUnknownFields: true }), { llmModel: "gpt-5" });
  }
  assert.equal(normalize('{ "name" : "\\u00e9", "llmModel":"gpt-5"}'), '{"name":"é","llmModel":"gpt-5"}');
  assert.equal(fix('{ "llm_model": "gpt-5" }'), '{ "llmModel": "gpt-5" }');
  assert.deepEqual(fix(bytesOf('{"llm_model":"gpt-5"}')), bytesOf(VALID));
  for (const text of ["\ufeff{}", "not JSON"]) assert.equal(fix(text), text);
  assert.deepEqual(fix(Uint8Array.of(0xff)), Uint8Array.of(0xff));
  for (const read of [parse, normalize]) {
    assert.throws(() => read('{"llmModel":"gpt-5","name":7}'), (error) => {
      assert(error instanceof InvalidDocument && error instanceof Error);
      assert.deepEqual([error.name, error.kind, error.report.violationCount], ["InvalidDocument", "update", 1]);
      return error.message === "/name: invalid type for `name`: expected a string, found 7";
    });
  }
});

test("apply", () => {
  const agent = '{"name":"é","ttsModel":{"provider":"11labs_byo","elevenLabsApiKey":"k"},"extra":1}';
  const update = '{"llmModel":"gpt-5","ttsModel":{"provider":"rime"}}';
  const stored = { name: "é", ttsModel: { provider: "rime", elevenLabsApiKey: "k" }, llmModel: "gpt-5", extra: 1 };
  assert.deepEqual(JSON.parse(applyStored(agent, bytesOf(update))), stored);
  delete stored.ttsModel.elevenLabsApiKey;
  assert.deepEqual(JSON.parse(apply(bytesOf(agent), update)), stored);
  for (const [documents, kind, pointer] of [
    [['{"name":1}', update], "agent", "/name"],
    [[agent, "{}"], "update", "/llmModel"],
    [['{"name":"\ud800"}', update], "agent", ""],
  ]) {
    assert.throws(() => apply(...documents), (error) => {
      return error.kind === kind && error.report.violations[0].pointer === pointer;
    });
  }
});

test("explanations", () => {
  const all = codes().map((code) => explain(code));
  assert(all.length > 10 && all.every(({ meaning, reason, fix: cure }) => meaning && reason && cure));
  for (const { code, kind, example, fixed } of all) {
    const has = (text) => ["violations", "advisories"].some((list) => check(text, kind)[list].some((found) => found.code === code));
    assert.deepEqual([has(example), has(fixed)], [true, false], code);
  }
  assert.throws(() => explain("zero"), { name: "RangeError", message: /^unknown code "zero"; expected one of absent-field, / });
});

test("a problem document has places in bytes", () => {
  const text = '{"name":"😀","llmModel":7}';
  const problem = JSON.parse(check(text, "update", { suggest: true }).problemJson());
  assert.equal(problem.status, 422);
  assert.deepEqual(problem.violations.map(({ offset }) => offset), [bytesOf(text).indexOf(0x37)]);
  assert.equal(JSON.parse(check("{").problemJson()).status, 400);
  assert.throws(() => check(VALID).problemJson(), TypeError);
});

test("wrong arguments are type errors", () => {
  for (const [call, message] of [
    [() => check(), "expected a string or a Uint8Array as the text, found undefined"],
    [() => check(null), "expected a string or a Uint8Array as the text, found null"],
    [() => check({}), "expected a string or a Uint8Array as the text, found object"],
    [() => check([1]), "expected a string or a Uint8Array as the text, found an array"],
    [() => check(new Uint16Array(1)), "expected a string or a Uint8Array as the text, found object"],
    [() => check(VALID, { suggest: true }), 'expected "update" or "agent" as the kind, found object'],
    [() => check(VALID, "toString"), 'expected "update" or "agent" as the kind, found "toString"'],
    [() => check(VALID, "update", null), "expected an object as the options, found null"],
    [() => check(VALID, "update", { suggest: 1 }), "expected a boolean as suggest, found number"],
    [() => check(VALID, "update", { limits: 1 }), 'unknown option "limits"; expected one of tolerateUnknownFields, tolerateUnknownValues, suggest, accept, limit'],
    [() => check(VALID, "update", { limit: "1" }), "expected a number as limit, found string"],
    [() => check(VALID, "update", { accept: "llmModel=x" }), 'expected an array of strings such as "llmModel=claude-sonnet-4" as accept'],
    [() => check(VALID, "update", { accept: ["llmModel=\ud800"] }), 'expected an array of strings such as "llmModel=claude-sonnet-4" as accept'],
    [() => apply(VALID, 1), "expected a string or a Uint8Array as the update, found number"],
    [() => explain(1), "expected a string as the code, found number"],
  ]) {
    assert.throws(call, { name: "TypeError", message });
  }
  for (const limit of [-1, 1.5, Infinity, NaN, 2 ** 32]) {
    assert.throws(() => check(VALID, "update", { limit }), { name: "RangeError", message: /as limit, found/ });
  }
  for (const value of ["x", "color=red"]) {
    assert.throws(() => check(VALID, "update", { accept: [value] }), { name: "RangeError", message: /^accept: expected / });
  }
  assert(isValid(VALID));
});

test("reports and findings cannot be changed", () => {
  const report = check('{"llmModel":"gpt-5","nmae":1}', "update", { suggest: true });
  for (const change of [
    () => (report.valid = true),
    () => report.violations.push(1),
    () => (report.violations[0].code = "x"),
    () => (explain("zero-gap").title = ""),
  ]) {
    assert.throws(change, TypeError);
  }
});

test("secrets are not shown", () => {
  const text = '{"llmModel":"gpt-5","ttsModel":{"provider":"rime","elevenLabsApiKey":7654321}}';
  assert.doesNotMatch(JSON.stringify(check(text)) + String(check(text)), /7654321/);
});

test("large and non-ASCII texts", () => {
  for (const filler of ["x", "é", "😀", "x".repeat(70_000) + "😀"]) {
    const name = filler.repeat(Math.ceil(100_000 / filler.length));
    const text = `{"llmModel":"gpt-5","name":"${name}","y":1}`;
    const [{ offset }] = check(text).violations;
    assert.equal(offset, text.length - 6);
    assert.equal(check(bytesOf(text)).violations[0].offset, bytesOf(text).length - 6);
    assert.equal(fix(`{"llm_model":"gpt-5","name":"${name}"}`).length, text.length - 6);
  }
});

test("after memory is exhausted, the next call works", () => {
  const many = `{"llmModel":"gpt-5","phoneNumberIds":[${"1,".repeat(20_000_000)}1]}`;
  const before = check('{"nmae":1}');
  assert.throws(() => check(many, "update", { limit: 0 }), (error) => error.cause instanceof WebAssembly.RuntimeError);
  assert(isValid(VALID));
  assert.equal(before.violations.length, 2);
  const report = check(many);
  assert.equal(report.violationCount, 20_000_001);
  assert.equal(report.violations.length, 10_000);
});

test("a text that does not fit is an error, and the next call works", () => {
  const huge = Buffer.alloc(1_100_000_000);
  assert.throws(() => check(huge), { name: "RangeError", message: /1100000000 bytes does not fit into the memory/ });
  assert(isValid(VALID));
});

test("after the stack is exhausted, the next call works", () => {
  const report = check('{"nmae":1}');
  let failures = 0;
  const nested = `{"llmModel":"gpt-5","variables":${'{"a":'.repeat(100)}1${"}".repeat(101)}`;
  const deeper = () => {
    try {
      deeper();
    } catch {
      // Near the end of the stack.
    }
    try {
      if (failures < 50) isValid(nested);
    } catch {
      failures += 1;
    }
  };
  deeper();
  assert(failures > 0);
  assert.equal(isValid(nested), true);
  assert.equal(report.violations.length, 2);
});

test("the exports are the same in all files", async () => {
  const [node, core] = await Promise.all([import("../node.js"), import("../core.js")]);
  assert.deepEqual(Object.keys(node), Object.keys(callagent));
  assert.deepEqual(Object.keys(core).filter((name) => name !== "initialize"), Object.keys(node));
});

test("keys are masked, and places stay the same", () => {
  const text = '{"ttsModel": {"elevenLabsApiKey": "ü🙂", "a": "\ud800"}}';
  assert.equal(mask(text), '{"ttsModel": {"elevenLabsApiKey": "***", "a": "\ufffd"}}');
  assert.equal(mask(text, "agent").length, text.length);
  assert.deepEqual(mask(bytesOf('{"elevenLabsApiKey": "ü"}')), bytesOf('{"elevenLabsApiKey": "**"}'));
  assert.equal(mask("{}"), "{}");
});
