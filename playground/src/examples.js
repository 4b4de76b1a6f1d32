// The examples of the page, from the fixtures of the project.

import everyField from "../../fixtures/requests/valid/every-field.json";
import documented from "../../fixtures/documented/example.json";
import minimal from "../../fixtures/requests/valid/model-alone.json";
import snakeCase from "../../fixtures/requests/invalid/snake-case.json";
import beyondBounds from "../../fixtures/requests/invalid/beyond-the-bounds.json";
import response from "../../fixtures/responses/valid/every-field.json";
import settingsInPercent from "../../fixtures/responses/invalid/settings-in-percent.json";

/** @type {{ title: string, kind: "update" | "agent", text: string }[]} */
export const EXAMPLES = [
  { title: "the documented request", kind: "update", text: documented },
  { title: "names in snake case", kind: "update", text: snakeCase },
  { title: "beyond the bounds", kind: "update", text: beyondBounds },
  { title: "every field", kind: "update", text: everyField },
  { title: "the required field alone", kind: "update", text: minimal },
  { title: "a response with every field", kind: "agent", text: response },
  { title: "a response with settings in percent", kind: "agent", text: settingsInPercent },
];

/** The agent that the update is applied to at first. */
export const AGENT = response;
