// What the types accept and refuse. `tsc` checks it; nothing runs it.
import {
  type Agent,
  type Code,
  type Finding,
  InvalidDocument,
  Report,
  type UpdateAgent,
  apply,
  check,
  codes,
  explain,
  fix,
  isValid,
  normalize,
  parse,
} from "callagent";
import { initialize } from "callagent/core.js";

const report = check("{}", "agent", { suggest: true, limit: 5, accept: ["llmModel=x"] });
const first: Finding | undefined = report.violations[0];
const found: string | undefined = first?.found;
const safe: boolean | undefined = first?.suggestion?.safe;
for (const { code, pointer } of report.advisories) explain(code).reason.concat(pointer);

const update: UpdateAgent = parse("{}");
const same: UpdateAgent = parse("{}", "update");
const agent: Agent = parse(new Uint8Array(), "agent");
const text: string = fix("{}");
const bytes: Uint8Array = fix(new Uint8Array());
const known: readonly Code[] = codes();
const texts: string[] = [normalize("{}"), apply("{}", "{}"), report.problemJson()];
const verdict: boolean = isValid("{}", "update", { tolerateUnknownFields: true, limit: undefined });
const error: Error = new InvalidDocument(report, "update");
initialize(new WebAssembly.Module(bytes.slice()));

// @ts-expect-error: an agent is no update
const wrong: UpdateAgent = parse("{}", "agent");
// @ts-expect-error: no such kind
check("{}", "request");
// @ts-expect-error: no such option
check("{}", "update", { tolerant: true });
// @ts-expect-error: not a text
check(new ArrayBuffer(1));
// @ts-expect-error: no such code
explain("zero");
// @ts-expect-error: reports cannot be changed
report.valid = true;
// @ts-expect-error: nor can lists
report.violations.push(first);
// @ts-expect-error: only `check` makes reports
new Report();

export { agent, error, found, known, safe, same, text, texts, update, verdict, wrong };
