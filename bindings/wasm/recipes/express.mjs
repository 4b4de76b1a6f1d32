// Express: a middleware that checks the body, and answers problem details (RFC 9457) for an invalid one.
import express from "express";
import { check } from "callagent";

/** Checks the body of a request and sets `request.body` to the update. */
export function updateAgent(options) {
  return [
    // Bytes, since a parser would drop duplicate names and the places of violations.
    express.raw({ type: "application/json", limit: "1mb" }),
    (request, response, next) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const report = check(body, "update", { limit: 100, ...options });
      if (!report.valid) {
        const problem = report.problemJson();
        return response.status(JSON.parse(problem).status).type("application/problem+json").send(problem);
      }
      request.body = JSON.parse(body.toString());
      next();
    },
  ];
}
