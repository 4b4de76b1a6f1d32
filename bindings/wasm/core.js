// The functions and reports. `node.js` and `web.js` load the module.
import { DEFAULTS, FLAGS, numberOf, readOptions, requireText, typeName } from "./arguments.js";

/** The number of violations in the message of an error. */
const IN_MESSAGE = 20;
/** Input of up to this length in UTF-16 units is encoded in one step. */
const SHORT = 1 << 16;
/** Memory of more than this many bytes is given back when the next text does not need it. */
const KEPT = 16 << 20;
const ADDRESSES = 2 ** 31;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

let module;
/** The exports of the instance; undefined at first and after a trap. */
let wasm;
/** Its function that is called most; a look-up among the exports is slow. */
let checkInput;
/** Whether its memory exceeds `KEPT`. */
let isLarge;
/** The module's buffer for input. Its view, like the next one, is empty once the memory has grown. */
let input = new Uint8Array();
/** The numbers of violations and advisories, whether the report is cut, and the address and length of the output. */
let results = new Uint32Array();
/** The list of values that the instance accepts with the flag `ACCEPT`. */
let accepted;
/** Counts the texts written to the input. */
let turn = 0;

/** Sets the compiled module. The other functions need it. */
export function initialize(compiled) {
  module = compiled;
  start();
  DEFAULTS.limit = wasm.usual_limit();
}

function start() {
  wasm = new WebAssembly.Instance(module).exports;
  wasm.seed(...crypto.getRandomValues(new Uint32Array(4)));
  checkInput = wasm.check;
  accepted = undefined;
  turn += 1;
  view(3 * SHORT);
}

/** Makes room for an input, and views it. Returns whether there is room. */
function view(size) {
  const address = size < ADDRESSES ? wasm.input(size) : 0;
  if (address === 0) return false;
  const { buffer } = wasm.memory;
  input = new Uint8Array(buffer, address, size);
  results = new Uint32Array(buffer, wasm.results(), 5);
  isLarge = buffer.byteLength > KEPT;
  return true;
}

function reserve(size) {
  if (size > input.length && !view(size)) {
    throw new RangeError(`a text of ${size} bytes does not fit into the memory of the WebAssembly module`);
  }
}

/** Drops the instance, which is in an undefined state. */
function failure(error) {
  wasm = undefined;
  const message = "the WebAssembly module stopped, probably because memory or stack is exhausted; it is replaced";
  return new Error(message, { cause: error });
}

/** Calls a function of the module. */
function call(name, ...values) {
  try {
    return wasm[name](...values);
  } catch (error) {
    throw failure(error);
  }
}

function output() {
  if (results.length === 0) view(0);
  return new Uint8Array(wasm.memory.buffer, results[3], results[4]);
}

const outputText = () => decoder.decode(output());

/** Begins the call for a text of a length in units. */
function begin(length) {
  turn += 1;
  if (wasm === undefined || (isLarge && 4 * length < KEPT)) start();
}

/** Writes a text to the input, from an offset on. Returns its length in bytes. */
function write(text, at) {
  if (typeof text === "string") return text.isWellFormed() ? encode(text, at) : encodeIllFormed(text, at);
  reserve(at + text.length);
  input.set(text, at);
  return text.length;
}

function encode(text, at) {
  const { length } = text;
  reserve(at + (length > SHORT ? length : 3 * length));
  const { read, written } = encoder.encodeInto(text, at === 0 ? input : input.subarray(at));
  if (read === length) return written;
  reserve(at + written + 3 * (length - read));
  return written + encoder.encodeInto(text.slice(read), input.subarray(at + written)).written;
}

/** Writes a string up to its first unpaired surrogate, which is written as the bytes of no character. */
function encodeIllFormed(text, at) {
  const [{ index }] = text.matchAll(/\p{Surrogate}/gu);
  const length = encode(text.slice(0, index), at);
  reserve(at + length + 3);
  input.set([0xed, 0xa0, 0x80], at + length);
  return length + 3;
}

/** Makes the instance accept values, unless it does already. */
function setAccepted(values) {
  if (accepted === values) return;
  accepted = undefined;
  call("forget");
  for (const value of values) {
    if (call("accept", write(value, 0)) === 0) throw new RangeError(`accept: ${outputText()}`);
  }
  accepted = values;
}

/** Writes the text of a call with options. Returns its length in bytes. */
function load(text, { accept }) {
  begin(text.length);
  if (accept !== undefined) setAccepted(accept);
  return write(text, 0);
}

/** The report on a document. Its findings are read from the module on first access. */
export class Report {
  #text;
  #kind;
  #options;
  #length;
  #turn = turn;
  #counts;
  #lists;

  /** Only for `check`. Without arguments, it is the report without findings. */
  constructor(text, kind, options, length) {
    // The caller may change its bytes afterwards.
    this.#text = typeof text === "object" ? text.slice() : text;
    this.#kind = kind;
    this.#options = options;
    this.#length = length;
    if (text === undefined) {
      this.#counts = { violations: 0, advisories: 0, cut: false };
      this.#lists = freeze({ violations: [], advisories: [] });
    } else {
      if (results.length === 0) view(0);
      this.#counts = { violations: results[0], advisories: results[1], cut: results[2] === 1 };
    }
  }

  get valid() {
    return this.#counts.violations === 0;
  }

  get clean() {
    return this === CLEAN;
  }

  get cut() {
    return this.#counts.cut;
  }

  get violationCount() {
    return this.#counts.violations;
  }

  get advisoryCount() {
    return this.#counts.advisories;
  }

  get violations() {
    return this.#findings().violations;
  }

  get advisories() {
    return this.#findings().advisories;
  }

  /** Makes the module read the text again, unless it was the last one that it read the same way. */
  #restore(flags, limit) {
    const { flags: usual, limit: usualLimit } = this.#options;
    if (this.#turn === turn && wasm !== undefined && flags === (usual & ~FLAGS.suggest) && limit === usualLimit) return;
    this.#length = load(this.#text, this.#options);
    call("check", this.#kind, flags, limit, this.#length);
    // Only a report with the usual options can be used again.
    this.#turn = flags === usual && limit === usualLimit ? turn : -1;
  }

  #findings() {
    if (this.#lists === undefined) {
      this.#restore(this.#options.flags, this.#options.limit);
      call("findings", typeof this.#text === "string", this.#length);
      this.#lists = freeze(JSON.parse(outputText()));
    }
    return this.#lists;
  }

  problemJson() {
    if (this.valid) throw new TypeError("expected the report on an invalid document, found one on a valid document");
    this.#restore(this.#options.flags, this.#options.limit);
    call("problem");
    return outputText();
  }

  toString() {
    if (this.valid) return "no violation";
    const { flags, limit } = this.#options;
    this.#restore(flags & ~FLAGS.suggest, limit === 0 ? IN_MESSAGE : Math.min(limit, IN_MESSAGE));
    call("message");
    return outputText();
  }

  toJSON() {
    const { valid, violationCount, advisoryCount, violations, advisories } = this;
    return { valid, ...(this.cut && { violationCount, advisoryCount }), violations, advisories };
  }

  [Symbol.for("nodejs.util.inspect.custom")](_, options, inspect) {
    return `Report ${inspect(this.toJSON(), options)}`;
  }
}

const CLEAN = new Report();

function freeze(value) {
  for (const part of Object.values(value)) {
    if (typeof part === "object") freeze(part);
  }
  return Object.freeze(value);
}

/** The error for an invalid document. */
export class InvalidDocument extends Error {
  constructor(report, kind) {
    super(report.toString());
    this.report = report;
    this.kind = kind;
  }
}
Object.defineProperty(InvalidDocument.prototype, "name", { value: "InvalidDocument" });

function read(text, number, options, length) {
  let hasFindings;
  try {
    hasFindings = checkInput(number, options.flags & ~FLAGS.suggest, options.limit, length) !== 0;
  } catch (error) {
    throw failure(error);
  }
  return hasFindings ? new Report(text, number, options, length) : CLEAN;
}

export function check(text, kind = "update", options) {
  requireText(text, "text");
  const number = numberOf(kind);
  const reading = readOptions(options);
  return read(text, number, reading, load(text, reading));
}

export function isValid(text, kind = "update", options) {
  requireText(text, "text");
  const number = numberOf(kind);
  const reading = readOptions(options);
  const length = load(text, reading);
  if (call("check", number, reading.flags & ~FLAGS.suggest, 1, length) === 0) return true;
  if (results.length === 0) view(0);
  return results[0] === 0;
}

export function parse(text, kind = "update", options) {
  requireText(text, "text");
  const number = numberOf(kind);
  const reading = readOptions(options);
  const length = load(text, reading);
  const report = read(text, number, reading, length);
  if (!report.valid) throw new InvalidDocument(report, kind);
  // The tolerated fields are dropped.
  if (reading.flags & FLAGS.tolerateUnknownFields && !report.clean) return JSON.parse(normalize(text, kind, options));
  if (typeof text === "string") return JSON.parse(text);
  reserve(length);
  return JSON.parse(decoder.decode(input.subarray(0, length)));
}

export function normalize(text, kind = "update", options) {
  requireText(text, "text");
  const number = numberOf(kind);
  const reading = readOptions(options);
  const length = load(text, reading);
  if (call("normalize", number, reading.flags & ~FLAGS.suggest, reading.limit, length)) return outputText();
  throw new InvalidDocument(new Report(text, number, reading, length), kind);
}

export function fix(text, kind = "update", options) {
  requireText(text, "text");
  const number = numberOf(kind);
  const reading = readOptions(options);
  if (typeof text === "string" && !text.isWellFormed()) return text;
  call("fix", number, reading.flags, load(text, reading));
  return typeof text === "string" ? outputText() : output().slice();
}

export function mask(text, kind = "update") {
  requireText(text, "text");
  const number = numberOf(kind);
  const length = load(typeof text === "string" ? text.toWellFormed() : text, DEFAULTS);
  call("mask", number, typeof text === "string", length);
  return typeof text === "string" ? outputText() : output().slice();
}

const applied = (agent, update, isStored, options) => {
  requireText(agent, "agent");
  requireText(update, "update");
  const reading = readOptions(options);
  begin(agent.length + update.length);
  if (reading.accept !== undefined) setAccepted(reading.accept);
  const agentLength = write(agent, 0);
  const length = agentLength + write(update, agentLength);
  const valid = call("apply", reading.flags & ~FLAGS.suggest, reading.limit, agentLength, length, isStored);
  if (valid === 2) return outputText();
  const [kind, text] = valid === 0 ? ["agent", agent] : ["update", update];
  throw new InvalidDocument(check(text, kind, options), kind);
};

export function apply(agent, update, options) {
  return applied(agent, update, false, options);
}

export function applyStored(agent, update, options) {
  return applied(agent, update, true, options);
}

export function explain(code) {
  if (typeof code !== "string") throw new TypeError(`expected a string as the code, found ${typeName(code)}`);
  begin(code.length);
  const known = call("explain", write(code, 0));
  const value = freeze(JSON.parse(outputText()));
  if (known) return value;
  throw new RangeError(`unknown code ${JSON.stringify(code)}; expected one of ${value.join(", ")}`);
}

export function codes() {
  begin(0);
  call("explain", 0);
  return freeze(JSON.parse(outputText()));
}
