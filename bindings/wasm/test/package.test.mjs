// The package as it is published: its files, its size, its types, and an application that Vite builds with it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "vite";
import { install } from "./consumer.mjs";

const { project, files } = install("consumer");
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
/** The most bytes that the module may have when it is compressed. */
const COMPRESSED = 130_000;

test("it has what it needs and no more", () => {
  const code = ["arguments.js", "callagent.wasm", "core.js", "node.js", "web.js"];
  const types = ["callagent.d.ts", "codes.d.ts", "core.d.ts", "documents.d.ts"];
  assert.deepEqual(files, [...code, ...types, "README.md", "package.json"].sort());
});

test("the module is small", () => {
  const size = brotliCompressSync(readFileSync(join(PACKAGE, "callagent.wasm"))).length;
  assert(size <= COMPRESSED, `${size} bytes`);
});

test("it runs where it is installed", () => {
  const program = "import('callagent').then(({ check }) => console.log(check('{}').violations[0].pointer))";
  assert.equal(execFileSync(process.execPath, ["-e", program], { cwd: project, encoding: "utf8" }), "/llmModel\n");
});

test("its version is that of the workspace", () => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  assert.match(readFileSync(join(PACKAGE, "../../Cargo.toml"), "utf8"), new RegExp(`\\[workspace.package\\]\nversion = "${version}"`));
});

test("its types are right", () => {
  const compiler = join(PACKAGE, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "--project", join(PACKAGE, "test")], { stdio: ["ignore", "inherit", "inherit"] });
});

test("Vite builds an application with it", async () => {
  await build({ root: project, logLevel: "error", base: "./" });
  const assets = readdirSync(join(project, "dist/assets"));
  assert(assets.some((name) => name.endsWith(".wasm")), assets.join());
});
