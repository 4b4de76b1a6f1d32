/** Checks the documents of `PUT /v1/api/agents/{agentId}`: the request, `UpdateAgent`, and the response, `Agent`. */

import type { Agent, UpdateAgent } from "./documents.js";
import type { Code } from "./codes.js";

export * from "./documents.js";
export type { Code } from "./codes.js";

/** The document types by kind. */
export interface Documents {
  update: UpdateAgent;
  agent: Agent;
}

/** The kind of a document: `update` is the request, `agent` the response. */
export type Kind = keyof Documents;

/** How documents are read. Responses are read the same with and without tolerances. */
export interface Options {
  /** Drops undocumented fields of requests, each with an advisory. */
  readonly tolerateUnknownFields?: boolean | undefined;
  /** Accepts undocumented values of the vocabularies of requests, each with an advisory. */
  readonly tolerateUnknownValues?: boolean | undefined;
  /** Undocumented values to accept in requests, each with an advisory, such as `llmModel=claude-sonnet-4`. */
  readonly accept?: readonly string[] | undefined;
  /** The maximum number of violations and of advisories in a report: 10,000 unless set; 0 for all. */
  readonly limit?: number | undefined;
  /** Adds suggested fixes to violations where a fix is obvious. */
  readonly suggest?: boolean | undefined;
}

/**
 * A violation or an advisory.
 *
 * If the document is a string, places are UTF-16 code units, so `text.slice(offset, offset + length)` is the value or
 * name. If it is an array of bytes, places are bytes.
 */
export interface Finding {
  /** The kind of violation or advisory; `explain` explains it. */
  readonly code: Code;
  /** The JSON Pointer (RFC 6901) of the value or field; empty for the whole document. */
  readonly pointer: string;
  /** The offset of the value or name, from 0. */
  readonly offset: number;
  /** The length of the value or name; 0 at the end of the text. */
  readonly length: number;
  /** The line, from 1. Lines end at LF. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
  /** The message, a single line. */
  readonly message: string;
  /** What was expected, as a noun phrase. */
  readonly expected?: string;
  /** What was found, as written in the document and cut at 60 characters. Secrets are never shown. */
  readonly found?: string;
  /** How the contract resolves an ambiguity of the documented page here. */
  readonly note?: string;
  /** A suggested fix, with the option `suggest`. */
  readonly suggestion?: Suggestion;
}

/** A replacement that fixes a violation. */
export interface Suggestion {
  /** The offset of the part to replace. */
  readonly offset: number;
  /** The length of the part to replace. */
  readonly length: number;
  /** The replacement. */
  readonly text: string;
  /** Whether the replacement is unambiguous, removes violations and introduces none. `fix` applies it then. */
  readonly safe: boolean;
}

/** A report as JSON. */
export interface ReportJson {
  readonly valid: boolean;
  /** Only if the report is cut. */
  readonly violationCount?: number;
  /** Only if the report is cut. */
  readonly advisoryCount?: number;
  readonly violations: readonly Finding[];
  readonly advisories: readonly Finding[];
}

/**
 * The report on a document. The verdict and the counts are known at once; the findings are computed on first access,
 * from the text as it was when it was checked.
 */
export class Report {
  private constructor();
  /** Whether there are no violations. */
  get valid(): boolean;
  /** Whether there are neither violations nor advisories. */
  get clean(): boolean;
  /** Whether there are more violations or advisories than the limit. */
  get cut(): boolean;
  /** The number of violations, also of those beyond the limit. */
  get violationCount(): number;
  /** The number of advisories, also of those beyond the limit. */
  get advisoryCount(): number;
  /** The violations of the contract, sorted by place. */
  get violations(): readonly Finding[];
  /** The advisories, sorted by place: what the contract allows but is likely a mistake. */
  get advisories(): readonly Finding[];
  /**
   * The response to a request with this body: problem details (RFC 9457) as JSON, with places in bytes. Its status is
   * the member `status`, its media type `application/problem+json`.
   *
   * @throws {TypeError} if the document is valid.
   */
  problemJson(): string;
  toJSON(): ReportJson;
  /** The violations, or the first 20, on one line. */
  toString(): string;
}

/** The error for an invalid document. Its message has the violations, or the first 20. */
export class InvalidDocument extends Error {
  constructor(report: Report, kind: Kind);
  readonly name: "InvalidDocument";
  /** The report on the document. */
  readonly report: Report;
  /** The kind of the document. */
  readonly kind: Kind;
}

/** The explanation of a code. */
export interface Explanation {
  readonly code: Code;
  /** One sentence. */
  readonly title: string;
  /** Whether findings are violations, advisories, or violations that a tolerance makes advisories. */
  readonly severity: "violation" | "advisory" | "tolerable";
  /** The rule. */
  readonly meaning: string;
  /** The reason for the rule, with the principle of the contract or the standard that it follows from. */
  readonly reason: string;
  /** How to fix it. */
  readonly fix: string;
  /** The kind of the example. */
  readonly kind: Kind;
  /** A document with the code. */
  readonly example: string;
  /** The fixed example. */
  readonly fixed: string;
  /** The section of the reference page: its path in the repository, with the anchor. */
  readonly reference: string;
}

/**
 * Reports all violations and advisories of a document.
 *
 * @throws {TypeError} if an argument has the wrong type.
 * @throws {RangeError} if the document does not fit into the memory of the module.
 */
export function check(text: string | Uint8Array, kind?: Kind, options?: Options): Report;

/** Returns whether a document has no violations. */
export function isValid(text: string | Uint8Array, kind?: Kind, options?: Options): boolean;

/**
 * Checks a document and parses it, as `JSON.parse` does. Fields that `tolerateUnknownFields` permits are dropped.
 *
 * @throws {InvalidDocument} if it has violations.
 */
export function parse<K extends Kind = "update">(text: string | Uint8Array, kind?: K, options?: Options): Documents[K];

/**
 * Returns a document in compact form, with the fields in the documented order. Unknown fields of requests, which
 * `tolerateUnknownFields` permits, are dropped.
 *
 * @throws {InvalidDocument} if it has violations.
 */
export function normalize(text: string | Uint8Array, kind?: Kind, options?: Options): string;

/** Applies all safe suggestions to a document. Everything else stays unchanged, and so does text that is not JSON. */
export function fix(text: string, kind?: Kind, options?: Options): string;
export function fix(text: Uint8Array, kind?: Kind, options?: Options): Uint8Array;

/**
 * Returns the agent after an update, as a server sends it: without a key that the provider does not use.
 *
 * @throws {InvalidDocument} if the agent or the update has violations; `kind` says which.
 */
export function apply(agent: string | Uint8Array, update: string | Uint8Array, options?: Options): string;

/** Returns the agent after an update, as a server stores it: with the key. */
export function applyStored(agent: string | Uint8Array, update: string | Uint8Array, options?: Options): string;

/**
 * Returns a text with each key replaced by asterisks, for logs. Its length and all places stay the same. The text need not
 * be valid; where it is not JSON, too much is replaced rather than too little.
 */
export function mask(text: string, kind?: Kind): string;
export function mask(text: Uint8Array, kind?: Kind): Uint8Array;

/**
 * Explains a code.
 *
 * @throws {RangeError} if there is no such code.
 */
export function explain(code: Code): Explanation;

/** Returns all codes. */
export function codes(): readonly Code[];
