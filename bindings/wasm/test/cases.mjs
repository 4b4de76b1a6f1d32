// The cases of the vectors in `fixtures/vectors`, as adapters get them.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../../fixtures/vectors", import.meta.url));

export function cases() {
  const files = readdirSync(FOLDER, { recursive: true }).filter((name) => /^(apply|text|values)\W.*\.json$/.test(name));
  return files.flatMap((file) => {
    const kind = file.split(/\W/)[0];
    const { vectors } = JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8"));
    return vectors.map((vector) => {
      const { id, as, text, base64, tolerant, accept, agent, update } = vector;
      return { id, kind, as, text, base64, tolerant, accept, agent, update };
    });
  });
}
