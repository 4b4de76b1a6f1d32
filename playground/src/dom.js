// Small helpers for elements.

/**
 * Creates an element. Strings become text, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Partial<HTMLElementTagNameMap[K]> & Record<string, unknown>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, properties = {}, ...children) {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

/**
 * The element of the page with an id.
 *
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} type
 * @returns {E}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${type.name} with the id ${id}`);
  return found;
}

/**
 * A sentence with the parts between backticks as code.
 *
 * @param {string} sentence
 * @returns {(Node | string)[]}
 */
export function prose(sentence) {
  return sentence.split(/`([^`]*)`/).map((part, index) => (index % 2 ? element("code", {}, part) : part));
}

/**
 * A count with its noun.
 *
 * @param {number} number
 * @param {string} singular
 * @param {string} plural
 */
export function count(number, singular, plural) {
  return `${number} ${number === 1 ? singular : plural}`;
}
