// The validation code that Ajv generates from a schema. It needs Ajv's runtime but no compiler.

import agent from "../generated/ajv-agent.cjs";
import update from "../generated/ajv-update.cjs";

class Rejected extends Error {}

export default function prepare() {
  const check = (validate) => (text) => {
    if (!validate(JSON.parse(text))) {
      throw new Rejected();
    }
  };
  return { update: check(update), agent: check(agent), isRejection: (error) => error instanceof Rejected };
}
