// Fastify: a parser of JSON that checks the body, and an error handler that answers problem details (RFC 9457).
import { InvalidDocument, parse } from "callagent";

/** A plugin, for the routes that take an update. Their `request.body` is the update. */
export async function updateAgent(fastify, { callagent } = {}) {
  fastify.removeContentTypeParser("application/json");
  // Bytes, since a parser would drop duplicate names and the places of violations.
  fastify.addContentTypeParser("application/json", { parseAs: "buffer" }, async (request, body) => {
    return parse(body, "update", { limit: 100, ...callagent });
  });
  fastify.setErrorHandler((error, request, reply) => {
    if (!(error instanceof InvalidDocument)) throw error;
    const problem = error.report.problemJson();
    return reply.status(JSON.parse(problem).status).type("application/problem+json").send(problem);
  });
}
// The handlers of the surrounding instance apply to its routes, too.
updateAgent[Symbol.for("skip-override")] = true;
