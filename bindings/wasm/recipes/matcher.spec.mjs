// The recipe for Vitest.
import { expect, test } from "vitest";
import { matchers } from "./vitest.mjs";

expect.extend(matchers);

test("valid documents pass, and invalid ones fail with their violations", () => {
  expect('{"llmModel":"gpt-5"}').toBeDocument();
  expect('{"llmModel":"gpt-9"}').toBeDocument("update", { accept: ["llmModel=gpt-9"] });
  expect("{}").not.toBeDocument();
  expect("{}").toBeDocument("agent");
  const fail = () => expect('{"llmModel":"gpt-5",\n"name":7}').toBeDocument();
  expect(fail).toThrow(
    "expected a valid update, found violations:\n2:8 /name: invalid type for `name`: expected a string, found 7",
  );
});
