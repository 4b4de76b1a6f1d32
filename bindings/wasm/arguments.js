// The arguments of the functions: checks of their types, and the options.

/** The bits of the options that are true or false. */
export const FLAGS = { tolerateUnknownFields: 1, tolerateUnknownValues: 2, suggest: 8 };
const ACCEPT = 4;
/** The options of a call without options. The module has the limit. */
export const DEFAULTS = { flags: 0, limit: 0, accept: undefined };

export function typeName(value) {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

const isBytes = (value) => ArrayBuffer.isView(value) && value[Symbol.toStringTag] === "Uint8Array";

/** Checks that an argument is a text. */
export function requireText(text, name) {
  if (typeof text !== "string" && !isBytes(text)) {
    throw new TypeError(`expected a string or a Uint8Array as the ${name}, found ${typeName(text)}`);
  }
}

/** Returns the module's number of a kind. */
export function numberOf(kind) {
  if (kind === "update") return 0;
  if (kind === "agent") return 1;
  const found = typeof kind === "string" ? JSON.stringify(kind) : typeName(kind);
  throw new TypeError(`expected "update" or "agent" as the kind, found ${found}`);
}

/** Returns the options of a call in the form that the module takes. */
export function readOptions(options) {
  if (options === undefined) return DEFAULTS;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`expected an object as the options, found ${typeName(options)}`);
  }
  const read = { ...DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (Object.hasOwn(FLAGS, name)) {
      if (typeof value !== "boolean") throw new TypeError(`expected a boolean as ${name}, found ${typeName(value)}`);
      if (value) read.flags |= FLAGS[name];
    } else if (name === "limit") {
      read.limit = readLimit(value);
    } else if (name === "accept") {
      read.accept = readAccept(value);
      read.flags |= ACCEPT;
    } else {
      const known = [...Object.keys(FLAGS), "accept", "limit"].join(", ");
      throw new TypeError(`unknown option ${JSON.stringify(name)}; expected one of ${known}`);
    }
  }
  return read;
}

function readLimit(value) {
  if (typeof value !== "number") throw new TypeError(`expected a number as limit, found ${typeName(value)}`);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new RangeError(`expected an integer from 0 to 4294967295 as limit, found ${value}`);
  }
  return value;
}

/** Returns a copy of a list of accepted values. Whether they can be accepted, the module knows. */
function readAccept(values) {
  if (!Array.isArray(values) || !values.every((value) => typeof value === "string" && value.isWellFormed())) {
    throw new TypeError('expected an array of strings such as "llmModel=claude-sonnet-4" as accept');
  }
  return [...values];
}
