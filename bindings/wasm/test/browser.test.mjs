// The package in Chromium: loading, all vectors, recovery after a trap, and an application that Vite built.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build, createServer } from "vite";
import * as callagent from "callagent";
import { launch } from "./browser.mjs";
import { cases } from "./cases.mjs";
import { install } from "./consumer.mjs";
import { serve } from "./serve.mjs";
import { answerTo } from "./vectors.mjs";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const { project } = install("browser");
const servers = [];
let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

/** Opens a page on which the package is loaded as `callagent`. */
async function open(types) {
  const { server, address } = await serve(PACKAGE, types);
  servers.push(server);
  const page = await browser.newPage();
  await page.goto(`${address}/test/app/empty.html`);
  await page.evaluate(async () => {
    globalThis.callagent = await import("/web.js");
    globalThis.answerTo = (await import("/test/vectors.mjs")).answerTo;
  });
  return page;
}

test("all vectors have the answers that they have in Node.js", async () => {
  const page = await open();
  const all = cases();
  assert(all.length > 2000);
  const found = await page.evaluate((asked) => asked.map((one) => globalThis.answerTo(globalThis.callagent, one)), all);
  assert.deepEqual(found, all.map((one) => answerTo(callagent, one)));
});

test("it loads where the server has no media type for the module", async () => {
  const page = await open({ ".wasm": "text/plain" });
  assert.equal(await page.evaluate(() => globalThis.callagent.isValid('{"llmModel":"gpt-5"}')), true);
});

test("after a trap, the next call works", async () => {
  const page = await open();
  const found = await page.evaluate(() => {
    const { check } = globalThis.callagent;
    const many = `{"llmModel":"gpt-5","phoneNumberIds":[${"1,".repeat(20_000_000)}1]}`;
    try {
      check(many, "update", { limit: 0 });
      return "no trap";
    } catch (error) {
      return [error.cause.name, check('{"nmae":1}').violations.length];
    }
  });
  assert.deepEqual(found, ["RuntimeError", 2]);
});

const TITLE = "invalid type for `name`: expected a string, found 7";

test("an application that Vite built runs", async () => {
  await build({ root: project, logLevel: "error", base: "./" });
  const { server, address } = await serve(join(project, "dist"));
  servers.push(server);
  const page = await browser.newPage();
  await page.goto(`${address}/index.html`);
  await page.waitForFunction((title) => document.title === title, TITLE);
});

test("an application that Vite serves while it is developed runs", async () => {
  const server = await createServer({ root: project, logLevel: "error", server: { port: 0, host: "127.0.0.1" }, optimizeDeps: { exclude: ["callagent"] } });
  await server.listen();
  servers.push(server);
  const page = await browser.newPage();
  await page.goto(server.resolvedUrls.local[0]);
  await page.waitForFunction((title) => document.title === title, TITLE);
});
