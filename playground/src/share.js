// The state of the page as the fragment of a link. Servers never receive the fragment of a link.

/**
 * @typedef {object} State
 * @property {"update" | "agent"} kind
 * @property {boolean} unknownFields
 * @property {boolean} unknownValues
 * @property {string} text
 * @property {string} agent
 */

/** The format of the fragment. */
const PREFIX = "#v1.";

/** The most bytes that a link may hold when it is unpacked. */
const MAX_BYTES = 4 << 20;

/**
 * Returns the fragment for a state.
 *
 * @param {State} state
 * @returns {Promise<string>}
 */
export async function fragmentOf(state) {
  const packed = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * Reads the state in a fragment.
 *
 * @param {string} fragment
 * @returns {Promise<State | null>} `null` if the fragment has another format
 * @throws if the link is damaged
 */
export async function stateOf(fragment) {
  if (!fragment.startsWith(PREFIX)) return null;
  const binary = atob(fragment.slice(PREFIX.length).replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const state = JSON.parse(await readUpTo(unpacked, MAX_BYTES));
  const { kind, unknownFields, unknownValues, text, agent } = state;
  if (!["update", "agent"].includes(kind) || typeof text !== "string" || typeof agent !== "string") {
    throw new TypeError("expected a document");
  }
  return { kind, unknownFields: unknownFields === true, unknownValues: unknownValues === true, text, agent };
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} limit
 */
async function readUpTo(stream, limit) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [text, size] = ["", 0];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError(`expected at most ${limit} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
