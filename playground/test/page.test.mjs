// The page in a browser. PAGE is its path.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch } from "../../bindings/wasm/test/browser.mjs";

const PAGE = pathToFileURL(process.env.PAGE ?? new URL("../../docs/playground.html", import.meta.url).pathname).href;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser, page, requests, errors;

before(async () => (browser = await launch()));
after(() => browser?.close());
beforeEach(async () => {
  await page?.close();
  page = await browser.newPage();
  [requests, errors] = [[], []];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await open("");
});

async function open(fragment) {
  await page.goto("about:blank");
  await page.goto(PAGE + fragment);
  await page.waitForSelector("html[data-ready]");
}

const write = (text, id = "document") => page.fill(`#${id}`, text);
const verdict = () => page.textContent("#document-verdict");
const marks = () =>
  page.$$eval("#document-findings, .page:has(#document) mark", (found) =>
    found.filter(({ tagName }) => tagName === "MARK").map(({ textContent, className }) => [textContent, className]),
  );
const text = () => page.inputValue("#document");

test("violations are underlined while one types", async () => {
  await write('{"llmModel": "gpt-6", "name": 7}');
  assert.deepEqual(await marks(), [['"gpt-6"', "violation"], ["7", "violation"]]);
  assert.equal(await verdict(), "Invalid: 2 violations.");
  await write('{"llmModel": "gpt-5", "name": " "}');
  assert.deepEqual(await marks(), [['" "', "advisory"]]);
  assert.equal(await verdict(), "Valid, with 1 advisory.");
});

test("a mark lies exactly over its text, also in wrapped lines", async () => {
  const blank = " ".repeat(4);
  await write(`{\n${blank}"name": "${"long ".repeat(60)}",\n${blank}"llmModel": "gpt-6"}`);
  const [mirror, area] = await page.$$eval(".page:has(#document) > *", (parts) =>
    parts.map((part) => {
      const { font, lineHeight, padding, whiteSpace, overflowWrap, letterSpacing, tabSize } = getComputedStyle(part);
      const { clientWidth, scrollHeight } = part;
      return { font, lineHeight, padding, whiteSpace, overflowWrap, letterSpacing, tabSize, clientWidth, scrollHeight };
    }),
  );
  assert.deepEqual(mirror, area);
});

test("earlier marks are dimmed while the text is not JSON", async () => {
  await write('{"llmModel": "gpt-6"}');
  await write('{"llmModel": "gpt-6", }');
  assert.deepEqual(await marks(), [['"gpt-6"', "violation earlier"], ["}", "violation"]]);
  await write('{"llmModel": "gpt-6"}');
  assert.deepEqual(await marks(), [['"gpt-6"', "violation"]]);
});

test("a click fixes a violation, and undo takes it back", async () => {
  await write('{"llm_model": "gpt-5"}');
  await page.click('#document-findings button.fix');
  assert.equal(await text(), '{"llmModel": "gpt-5"}');
  assert.equal(await verdict(), "Valid.");
  await page.press("#document", "Control+z");
  assert.equal(await text(), '{"llm_model": "gpt-5"}');
});

test("all safe fixes at once, by the button and by the keyboard", async () => {
  const [broken, fixed] = ['{"llm_model": "gpt-5", "smartCallback": "true"}', '{"llmModel": "gpt-5", "smartCallback": true}'];
  await write(broken);
  await page.click("#fix-all");
  assert.equal(await text(), fixed);
  assert.ok(await page.isDisabled("#fix-all"));
  await write(broken);
  await page.press("#document", "Control+Enter");
  assert.equal(await text(), fixed);
});

test("the direction and the tolerances change the verdict", async () => {
  await write('{"llmModel": "gpt-6", "color": "red"}');
  assert.equal(await verdict(), "Invalid: 2 violations.");
  await page.check("#unknown-fields");
  await page.check("#unknown-values");
  assert.equal(await verdict(), "Valid, with 2 advisories.");
  await page.check("#agent");
  assert.match(await verdict(), /^Valid/);
  assert.ok(await page.isDisabled("#unknown-fields"));
  assert.ok(await page.isHidden("#apply"));
});

test("a rule is read, and its example opened", async () => {
  await write("{}");
  await page.click("#document-findings summary");
  const rule = page.locator("#document-findings details");
  await rule.getByText("A stored value does not replace it").waitFor();
  await rule.getByRole("button", { name: "Open in the editor" }).first().click();
  assert.equal(await text(), '{"name": "Support"}');
});

test("an update is applied to an agent, with the lines that differ", async () => {
  await write('{"llmModel": "gpt-5", "name": "Night Desk"}');
  const shown = await page.textContent("#difference");
  assert.match(shown, /removed: - {3}"name": "Front Desk"/);
  assert.match(shown, /added: \+ {3}"name": "Night Desk"/);
  assert.equal(await page.textContent("#difference-summary"), "2 lines removed, 2 added.");
  await write("[]", "applied");
  assert.equal(await page.textContent("#difference-summary"), "The agent is invalid, so nothing is applied.");
});

test("a link holds the document without keys", async () => {
  const update = '{"llmModel": "gpt-5", "ttsModel": {"provider": "11labs_byo", "elevenLabsApiKey": "sk-secret"}}';
  await write(update);
  await page.check("#unknown-fields");
  await page.click("#share");
  await page.waitForFunction(() => location.hash !== "");
  assert.match(await page.textContent("#notice"), /It has no keys/);
  const fragment = new URL(page.url()).hash;
  await open(fragment);
  assert.equal(await text(), update.replace("sk-secret", "*********"));
  assert.ok(await page.isChecked("#unknown-fields"));
  await open(`${fragment.slice(0, 40)}`);
  assert.match(await page.textContent("#notice"), /damaged/);
});

test("a link holds no key of the agent either, also while it is hidden", async () => {
  await write('{"ttsModel": {"elevenLabsApiKey": "sk-secret"}}', "applied");
  await page.check("#agent");
  await page.click("#share");
  await page.waitForFunction(() => location.hash !== "");
  await open(new URL(page.url()).hash);
  assert.equal(await page.inputValue("#applied"), '{"ttsModel": {"elevenLabsApiKey": "*********"}}');
});

test("an example replaces the document and sets its direction", async () => {
  await page.selectOption("#examples", { label: "a response with every field" });
  assert.ok(await page.isChecked("#agent"));
  assert.equal(await verdict(), "Valid.");
});

test("the keyboard reaches everything, and Tab leaves the editor", async () => {
  await write('{"llmModel": "gpt-6", "name": 7}');
  await page.focus("#document");
  const selected = () => page.$eval("#document", (area) => area.value.slice(area.selectionStart, area.selectionEnd));
  await page.$eval("#document", (area) => area.setSelectionRange(0, 0));
  await page.keyboard.press("F8");
  assert.equal(await selected(), '"gpt-6"');
  await page.keyboard.press("F8");
  assert.equal(await selected(), "7");
  await page.keyboard.press("Shift+F8");
  assert.equal(await selected(), '"gpt-6"');
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Line 1, column 14");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "document");
});

test("a screen reader hears the verdict once typing pauses", async () => {
  await write('{"llmModel": "gpt-6"}');
  await page.waitForFunction(() => document.getElementById("announcement").textContent === "Invalid: 1 violation.");
});

test("there are no accessibility violations, light or dark, wide or narrow, and nothing overflows", async () => {
  await write('{"llm_model": "gpt-5", "name": " ", "color": 1}');
  await page.click("#document-findings summary");
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [320, 390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} pixels overflow`);
    }
  }
});

test("hostile texts are texts", async () => {
  const hostile = `{"<img src=x onerror=alert(1)>": "</script><script>alert(1)</script>", "llmModel": "gpt-5"}`;
  await write(hostile);
  assert.equal(await page.locator("#document-findings img, #document-findings script").count(), 0);
  await write("[".repeat(200_000));
  assert.equal(await verdict(), "Invalid: 1 violation.");
  await write(`{${Array.from({ length: 5000 }, (_, index) => `"f${index}": 1`)}}`);
  assert.equal(await verdict(), "Invalid: 5001 violations.");
  assert.match(await page.textContent("#document-findings .cut"), /^4901 more$/);
});

test("the page makes no request and logs no error", async () => {
  await write('{"llm_model": "gpt-5"}');
  await page.click("#fix-all");
  await page.click("#share");
  await page.waitForFunction(() => location.hash !== "");
  assert.deepEqual(requests.filter((url) => !url.startsWith(PAGE) && url !== "about:blank" && !url.startsWith("blob:")), []);
  const refused = await page.evaluate(() => fetch("data:text/plain,x").then(() => false, () => true));
  assert.ok(refused, "the policy of the page refuses every request");
  assert.deepEqual(errors.filter((error) => !/Content Security Policy|Failed to fetch|Refused to connect/.test(error)), []);
});
