// Usage tests of the ready-made TypeScript declarations, which the vectors do not cover.
//
// This file must pass `tsc --noEmit --strict --exactOptionalPropertyTypes`. Code that must not type-check has a
// `@ts-expect-error` comment.

import type { Agent, FreeForm, Gap, Json, LlmModel, TtsProvider, TtsUpdate, UpdateAgent } from "../../schemas/typescript/callagent";

declare const agent: Agent;
declare const model: LlmModel;
declare const provider: TtsProvider;
declare const key: string;

// A request from the values of a program.
const voice: TtsUpdate = { provider, elevenLabsApiKey: key };
export const update: UpdateAgent = { llmModel: model, ttsModel: voice, settings: { speed: 0.9, mood: { calm: [null] } } };
update.variables = { seats: 4, name: "Anna" };
export const gaps: Gap[] = [{}, { days: 2, hours: 12 }];

// The key rule: one provider requires a key; with any other, null removes it.
// @ts-expect-error no key
export const withoutKey: TtsUpdate = { provider: "11labs_byo" };
// @ts-expect-error a null key
export const withNull: TtsUpdate = { provider: "11labs_byo", elevenLabsApiKey: null };
// @ts-expect-error a provider that may require a key, without one
export const maybeWithoutKey: TtsUpdate = { provider };
export const removed: TtsUpdate = { provider: "rime", elevenLabsApiKey: null };
if (voice.provider === "11labs_byo") {
  key satisfies typeof voice.elevenLabsApiKey;
  voice.elevenLabsApiKey satisfies string;
}

// Fields can be absent, but neither null nor undefined.
// @ts-expect-error null
update.name = null;
// @ts-expect-error undefined
update.name = undefined;
// @ts-expect-error a field of the response
export const sentBack: UpdateAgent = { llmModel: "gpt-5", createdAt: "2025-01-31T09:30:00Z" };
// @ts-expect-error any string
export const anyString: LlmModel = key;

// A response. Any field can be absent or null, and undocumented values and fields are allowed.
export const name: string | null | undefined = agent.name;
export const value: string = agent.llmModel ?? "gpt-5";
if (agent.llmModel === "gpt-4.1" || agent.llmModel === "a-newer-model") {
  update.llmModel = "gpt-4.1";
}
// @ts-expect-error an undocumented value in a request
update.llmModel = agent.llmModel ?? "gpt-5";
export const team: Json | undefined = agent["team"];
export const pitch: Json | undefined = agent.ttsModel?.["pitch"];
export const kept: FreeForm | null | undefined = agent.variables;
update.variables = agent.variables ?? {};
// @ts-expect-error a function is not JSON
update.variables = { call: () => 1 };
// @ts-expect-error an array is not an object
update.variables = ["a"];
