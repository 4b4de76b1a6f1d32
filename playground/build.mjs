// Writes the page from its parts: node build.mjs MODULE THEME VERSION PAGE

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const [module, theme, version, page] = process.argv.slice(2);
const part = (name) => readFileSync(new URL(`src/${name}`, import.meta.url), "utf8");

const bundle = await build({
  entryPoints: [new URL("src/main.js", import.meta.url).pathname],
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  loader: { ".json": "text" },
  write: false,
});
const script = bundle.outputFiles[0].text;
if (script.includes("</script")) throw new Error("the script ends its own element");
const style = readFileSync(theme, "utf8") + part("style.css");

// The page needs nothing else, so nothing else is allowed.
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `style-src ${hash(style)}`,
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const packed = gzipSync(readFileSync(module), { level: 9 }).toString("base64");
const values = { policy, style, script, version, module: packed };
writeFileSync(page, part("index.html").replace(/{{(\w+)}}/g, (_, name) => values[name]));
