// Launches a headless Chromium: an installed one, or the one of the package `@sparticuz/chromium`.
//
// Run as a program, it only launches the browser, and fails with the reason if it cannot.
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const INSTALLED = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** An ignored folder for the unpacked browser. */
const UNPACKED = fileURLToPath(new URL("../node_modules/.cache/chromium", import.meta.url));

/** Returns a browser of Playwright, or throws. */
export async function launch() {
  const installed = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => INSTALLED.map((name) => join(folder, name)))
    .find(existsSync);
  // Containers usually forbid the sandbox.
  const args = ["--no-sandbox"];
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args });
  const { executablePath, libraries } = await unpack();
  const options = { executablePath, args, env: { ...process.env, FONTCONFIG_PATH: join(UNPACKED, "fonts") } };
  try {
    return await chromium.launch(options);
  } catch (error) {
    if (!String(error).includes("error while loading shared libraries")) throw error;
    return chromium.launch({ ...options, env: { ...options.env, LD_LIBRARY_PATH: libraries } });
  }
}

/** Unpacks the browser once, with its libraries for machines that lack them. The package unpacks to the folder TMPDIR. */
async function unpack() {
  mkdirSync(UNPACKED, { recursive: true });
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  Object.assign(process.env, { TMPDIR: UNPACKED, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" });
  const library = process.env.LD_LIBRARY_PATH;
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    const executablePath = await packed.executablePath();
    return { executablePath, libraries: join(UNPACKED, "al2023", "lib") };
  } finally {
    restore({ ...before, LD_LIBRARY_PATH: library });
  }
}

function restore(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const browser = await launch().catch((error) => {
    console.error(String(error).split("\n")[0]);
    process.exit(1);
  });
  console.log(`Chromium ${browser.version()}`);
  await browser.close();
}
