// The zod schemas of orval: what they parse a document into is what a client goes on with.

import { ZodError } from "zod";
import { UpdateAgentBody, UpdateAgentResponse } from "../generated/orval.js";

export default function prepare() {
  const judge = (schema) => (text) => JSON.stringify(schema.parse(JSON.parse(text)));
  return { update: judge(UpdateAgentBody), agent: judge(UpdateAgentResponse), isRefusal: (error) => error instanceof ZodError };
}
