// The programs in README.md print what it shows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${PACKAGE}/README.md`, "utf8");

test("the programs print what is shown", () => {
  const examples = [...readme.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)];
  assert.equal(examples.length, [...readme.matchAll(/```js/g)].length);
  for (const [, program, shown] of examples) {
    const options = { cwd: PACKAGE, input: program, encoding: "utf8" };
    assert.equal(execFileSync(process.execPath, ["--input-type=module"], options), shown);
  }
});

test("the functions and files exist", async () => {
  const callagent = await import("callagent");
  for (const [, name] of readme.matchAll(/^\| `(\w+)\(/gm)) assert.equal(typeof callagent[name], "function", name);
  for (const [, path] of readme.matchAll(/\]\(([^)]+)\)/g)) assert(existsSync(`${PACKAGE}/${path}`), path);
});
