// What the vectors cannot ask of the ready-made TypeScript declarations: how a program uses them.
//
// `tsc --noEmit --strict --exactOptionalPropertyTypes` reads it: what must not type-check says so.

import type { Agent, FreeForm, Gap, Json, LlmModel, TtsProvider, TtsUpdate, UpdateAgent } from "../../schemas/typescript/callagent";

declare const agent: Agent;
declare const model: LlmModel;
declare const provider: TtsProvider;
declare const key: string;

// A request, put together from what a program holds.
const voice: TtsUpdate = { provider, elevenLabsApiKey: key };
export const update: UpdateAgent = { llmModel: model, ttsModel: voice, settings: { speed: 0.9, mood: { calm: [null] } } };
update.variables = { seats: 4, name: "Anna" };
export const gaps: Gap[] = [{}, { days: 2, hours: 12 }];

// The rule of the key: with its own provider a key is due, with another one null may remove it.
// @ts-expect-error no key
export const withoutKey: TtsUpdate = { provider: "11labs_byo" };
// @ts-expect-error a key that removes itself
export const withNull: TtsUpdate = { provider: "11labs_byo", elevenLabsApiKey: null };
// @ts-expect-error a provider that may be the one, without a key
export const maybeWithoutKey: TtsUpdate = { provider };
export const removed: TtsUpdate = { provider: "rime", elevenLabsApiKey: null };
if (voice.provider === "11labs_byo") {
  key satisfies typeof voice.elevenLabsApiKey;
  voice.elevenLabsApiKey satisfies string;
}

// Absent, never null, and never undefined.
// @ts-expect-error null
update.name = null;
// @ts-expect-error undefined
update.name = undefined;
// @ts-expect-error a response's field
export const sentBack: UpdateAgent = { llmModel: "gpt-5", createdAt: "2025-01-31T09:30:00Z" };
// @ts-expect-error any word
export const anyWord: LlmModel = key;

// A response: everything may be absent or null; words and fields are open.
export const name: string | null | undefined = agent.name;
export const word: string = agent.llmModel ?? "gpt-5";
if (agent.llmModel === "gpt-4.1" || agent.llmModel === "a-newer-one") {
  update.llmModel = "gpt-4.1";
}
// @ts-expect-error an unlisted word does not go back into a request unseen
update.llmModel = agent.llmModel ?? "gpt-5";
export const team: Json | undefined = agent["team"];
export const pitch: Json | undefined = agent.ttsModel?.["pitch"];
export const kept: FreeForm | null | undefined = agent.variables;
update.variables = agent.variables ?? {};
// @ts-expect-error a function is no JSON
update.variables = { call: () => 1 };
// @ts-expect-error an array is no object
update.variables = ["a"];
