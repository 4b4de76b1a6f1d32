// The types of quicktype, with its runtime checks.

import { Convert as Agents } from "../generated/quicktype-agent.js";
import { Convert as Updates } from "../generated/quicktype-update-agent.js";

export default function prepare() {
  return {
    update: (text) => Updates.updateAgentToJson(Updates.toUpdateAgent(text)),
    agent: (text) => Agents.agentToJson(Agents.toAgent(text)),
    isRejection: (error) => error.message.startsWith("Invalid value"),
  };
}
