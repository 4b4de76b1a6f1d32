// The zod schemas of orval. A client uses the value that they parse a document into.

import { ZodError } from "zod";
import { UpdateAgentBody, UpdateAgentResponse } from "../generated/orval.js";

export default function prepare() {
  const check = (schema) => (text) => JSON.stringify(schema.parse(JSON.parse(text)));
  return { update: check(UpdateAgentBody), agent: check(UpdateAgentResponse), isRejection: (error) => error instanceof ZodError };
}
