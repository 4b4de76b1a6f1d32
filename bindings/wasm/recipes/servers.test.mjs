// The recipes for Express, Fastify and Standard Schema.
import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import Fastify from "fastify";
import { updateAgent as forExpress } from "./express.mjs";
import { updateAgent as forFastify } from "./fastify.mjs";
import { schema } from "./standard_schema.mjs";

async function inExpress(options) {
  const app = express();
  app.put("/v1/api/agents/:agentId", forExpress(options), (request, response) => response.json(request.body));
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
  });
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function inFastify(callagent) {
  const app = Fastify();
  app.register(forFastify, { callagent });
  app.put("/v1/api/agents/:agentId", async (request) => request.body);
  return { address: await app.listen({ port: 0, host: "127.0.0.1" }), close: () => app.close() };
}

const put = (address, body) =>
  fetch(`${address}/v1/api/agents/a1`, { method: "PUT", body, headers: { "content-type": "application/json" } });

for (const [name, start] of Object.entries({ inExpress, inFastify })) {
  test(`${name}: valid bodies reach the handler, invalid ones are answered`, async () => {
    const { address, close } = await start({ tolerateUnknownValues: true });
    try {
      const valid = await put(address, '{"llmModel":"gpt-9","name":"é"}');
      assert.deepEqual([valid.status, await valid.json()], [200, { llmModel: "gpt-9", name: "é" }]);
      for (const [body, status, offset] of [
        ['{"llmModel":"gpt-5","name":"é","name":"b"}', 422, 32],
        ['{"llmModel":"gpt-5","volume":1}', 422, 20],
        ["{", 400, 1],
        [Uint8Array.of(0x22, 0xff), 400, 1],
      ]) {
        const invalid = await put(address, body);
        const problem = await invalid.json();
        assert.deepEqual([invalid.status, problem.status, problem.violations[0].offset], [status, status, offset]);
        assert.match(invalid.headers.get("content-type"), /^application\/problem\+json/);
      }
    } finally {
      await close();
    }
  });
}

test("a Standard Schema has values and issues", () => {
  const { validate, version, vendor } = schema()["~standard"];
  assert.deepEqual([version, vendor], [1, "callagent"]);
  assert.deepEqual(validate('{"llmModel":"gpt-5"}'), { value: { llmModel: "gpt-5" } });
  const { issues } = validate('{"llmModel":"gpt-5","a/b~c":1,"gapBetweenEachAttemptForSmartCallback":[{"days":31}]}');
  assert.deepEqual(issues.map(({ path }) => path), [["a/b~c"], ["gapBetweenEachAttemptForSmartCallback", "0", "days"]]);
  assert.equal(validate(7).issues[0].message, "expected JSON text");
  assert.deepEqual(schema("agent")["~standard"].validate("{}"), { value: {} });
});
