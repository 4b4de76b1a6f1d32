// The code that Ajv writes of a schema; it needs Ajv's run-time pieces and no compiler.

import agent from "../generated/ajv-agent.cjs";
import update from "../generated/ajv-update.cjs";

class Refused extends Error {}

export default function prepare() {
  const judge = (validate) => (text) => {
    if (!validate(JSON.parse(text))) {
      throw new Refused();
    }
  };
  return { update: judge(update), agent: judge(agent), isRefusal: (error) => error instanceof Refused };
}
