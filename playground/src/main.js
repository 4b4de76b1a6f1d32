// The page: wires the editors, the reader and the list of findings together.

import { callagent } from "./module.js";
import { byId, count, element } from "./dom.js";
import { Editor } from "./editor.js";
import { EXAMPLES, AGENT } from "./examples.js";
import { listFindings, nextFinding, verdict } from "./findings.js";
import { difference, layOut } from "./layout.js";
import { marksOf } from "./marks.js";
import { fragmentOf, stateOf } from "./share.js";

/** The most findings of each severity that are listed. The counts are exact. */
const LIMIT = 100;

/** How long a text stays the same before a screen reader announces the verdict, in milliseconds. */
const PAUSE = 700;

const kinds = [byId("update", HTMLInputElement), byId("agent", HTMLInputElement)];
const unknownFields = byId("unknown-fields", HTMLInputElement);
const unknownValues = byId("unknown-values", HTMLInputElement);
const examples = byId("examples", HTMLSelectElement);
const fixAll = byId("fix-all", HTMLButtonElement);
const announcement = byId("announcement", HTMLElement);
const notice = byId("notice", HTMLElement);

/** An editor with its verdict and findings. */
class Checked {
  /**
   * @param {string} id the id of the text area; the other parts have ids that begin with it
   * @param {() => "update" | "agent"} kind
   */
  constructor(id, kind) {
    this.kind = kind;
    this.editor = new Editor(byId(id, HTMLTextAreaElement), changed);
    this.verdict = byId(`${id}-verdict`, HTMLElement);
    this.list = byId(`${id}-findings`, HTMLElement);
  }

  check() {
    const text = this.editor.text;
    this.report = callagent.check(text, this.kind(), options());
    const isJson = !this.report.violations.some(({ code }) => code === "malformed");
    this.editor.draw(marksOf(text, this.report), isJson);
    this.verdict.textContent = verdict(this.report);
    this.verdict.className = this.report.valid ? "verdict valid" : "verdict invalid";
    listFindings(this.list, this.report, {
      show: ({ offset, length }) => this.editor.select(offset, offset + length),
      fix: ({ suggestion }) => {
        if (!suggestion) return;
        this.editor.replace(suggestion.text, suggestion.offset, suggestion.offset + suggestion.length);
      },
      explain: (code) => callagent.explain(code),
      open: (explanation, example) => {
        setKind(explanation.kind);
        edited.editor.replace(example);
      },
    });
  }
}

const kind = () => (kinds[0].checked ? "update" : "agent");

/** @param {"update" | "agent"} wanted */
function setKind(wanted) {
  for (const input of kinds) input.checked = input.value === wanted;
}

const edited = new Checked("document", kind);
const agent = new Checked("applied", () => "agent");

function options() {
  return {
    tolerateUnknownFields: unknownFields.checked,
    tolerateUnknownValues: unknownValues.checked,
    limit: LIMIT,
    suggest: true,
  };
}

let announced = 0;

/** Checks everything again after a change of any input. */
function changed() {
  edited.check();
  const isUpdate = kind() === "update";
  byId("apply", HTMLElement).hidden = !isUpdate;
  byId("tolerances", HTMLFieldSetElement).disabled = !isUpdate;
  fixAll.disabled = !edited.report.violations.some(({ suggestion }) => suggestion?.safe);
  if (isUpdate) showDifference();
  clearTimeout(announced);
  announced = window.setTimeout(() => (announcement.textContent = edited.verdict.textContent), PAUSE);
}

/** Applies the update to the agent and shows the lines of the response that differ. */
function showDifference() {
  agent.check();
  const shown = byId("difference", HTMLElement);
  const summary = byId("difference-summary", HTMLElement);
  if (!edited.report.valid || !agent.report.valid) {
    const which = edited.report.valid ? "agent" : "update";
    summary.textContent = `The ${which} is invalid, so nothing is applied.`;
    shown.replaceChildren();
    return;
  }
  const before = layOut(callagent.normalize(agent.editor.text, "agent"));
  const after = layOut(callagent.apply(agent.editor.text, edited.editor.text, options()));
  const lines = difference(before, after);
  const number = (wanted) => lines.filter((line) => line?.kind === wanted).length;
  const [removed, added] = [number("removed"), number("added")];
  summary.textContent =
    removed + added === 0
      ? "The update changes nothing."
      : `${count(removed, "line", "lines")} removed, ${added} added.`;
  shown.replaceChildren(...(removed + added === 0 ? [] : lines.map(differenceLine)));
}

/** @param {{ kind: "same" | "removed" | "added", text: string } | null} line */
function differenceLine(line) {
  if (line === null) return element("div", { className: "gap" }, "…");
  const { kind, text } = line;
  if (kind === "same") return element("div", {}, `  ${text}`);
  const name = kind === "removed" ? "del" : "ins";
  const spoken = element("span", { className: "spoken" }, `${kind}: `);
  return element("div", {}, element(name, {}, spoken, `${kind === "removed" ? "-" : "+"} ${text}`));
}

function fixEverything() {
  const fixed = callagent.fix(edited.editor.text, kind(), options());
  if (fixed !== edited.editor.text) edited.editor.replace(fixed);
}

/** Puts the state into the address, without keys, and copies the address. */
async function share() {
  const text = edited.editor.text;
  const state = {
    kind: kind(),
    unknownFields: unknownFields.checked,
    unknownValues: unknownValues.checked,
    text: callagent.mask(text, kind()),
    agent: callagent.mask(agent.editor.text, "agent"),
  };
  history.replaceState(null, "", await fragmentOf(state));
  const isMasked = state.text !== text || state.agent !== agent.editor.text;
  const keys = isMasked ? " It has no keys: each is replaced by asterisks." : "";
  try {
    await navigator.clipboard.writeText(location.href);
    notice.textContent = `Copied a link to this page as it is now.${keys}`;
  } catch {
    notice.textContent = `The address of this page is now a link to it as it is.${keys}`;
  }
}

/** @param {import("./share.js").State} state */
function open(state) {
  setKind(state.kind);
  unknownFields.checked = state.unknownFields;
  unknownValues.checked = state.unknownValues;
  edited.editor.open(state.text);
  agent.editor.open(state.agent);
  changed();
}

async function start() {
  const first = { kind: EXAMPLES[0].kind, unknownFields: false, unknownValues: false, text: EXAMPLES[0].text, agent: AGENT };
  let state = first;
  try {
    state = (await stateOf(location.hash)) ?? first;
  } catch {
    notice.textContent = "The link to this page is damaged, so it shows an example. Copy the link again.";
  }
  examples.append(...EXAMPLES.map(({ title }, index) => element("option", { value: String(index) }, title)));
  examples.addEventListener("change", () => {
    const example = EXAMPLES[Number(examples.value)];
    if (!example) return;
    setKind(example.kind);
    edited.editor.replace(example.text);
  });
  [...kinds, unknownFields, unknownValues].forEach((input) => input.addEventListener("change", changed));
  fixAll.addEventListener("click", fixEverything);
  byId("share", HTMLButtonElement).addEventListener("click", share);
  window.addEventListener("hashchange", async () => {
    const linked = await stateOf(location.hash).catch(() => null);
    if (linked) open(linked);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F8") {
      const next = nextFinding(edited.report, edited.editor.caret, event.shiftKey);
      if (next) edited.editor.select(next.offset, next.offset + next.length);
      event.preventDefault();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      fixEverything();
      event.preventDefault();
    }
  });
  open(state);
  document.documentElement.dataset.ready = "true";
}

await start();
