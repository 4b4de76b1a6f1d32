// Installs the package, as it would be published, into a project of its own.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

/** Returns the folder of the project, which Git ignores, and the names of the package's files. */
export function install(name) {
  const project = join(PACKAGE, "node_modules/.cache", name);
  const installed = join(project, "node_modules/callagent");
  rmSync(project, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  const options = { cwd: PACKAGE, encoding: "utf8", shell: process.platform === "win32" };
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", project], options));
  execFileSync("tar", ["-xzf", join(project, filename), "-C", installed, "--strip-components=1"]);
  cpSync(join(PACKAGE, "test/app"), project, { recursive: true });
  return { project, files: readdirSync(installed).sort() };
}
