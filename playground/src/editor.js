// A text area with a mirror behind it that underlines marks.

import { element } from "./dom.js";
import { moveMarks, pieces } from "./marks.js";

/** @typedef {import("./marks.js").Mark} Mark */

export class Editor {
  /** @type {HTMLTextAreaElement} */
  #area;
  /** @type {HTMLElement} */
  #mirror;
  /**
   * The marks of the last text that was JSON, and where they are now.
   *
   * @type {Mark[]}
   */
  #earlier = [];
  /** The text that they are for. */
  #drawn = "";

  /**
   * @param {HTMLTextAreaElement} area in a parent of its own
   * @param {() => void} onInput called after each change
   */
  constructor(area, onInput) {
    this.#area = area;
    this.#mirror = element("div", { className: "mirror", ariaHidden: "true" });
    area.before(this.#mirror);
    area.addEventListener("input", onInput);
  }

  get text() {
    return this.#area.value;
  }

  /**
   * Replaces a part of the text, or all of it. The browser's undo takes it back.
   *
   * @param {string} text
   * @param {number} start
   * @param {number} end
   */
  replace(text, start = 0, end = this.text.length) {
    this.#area.focus();
    this.#area.setSelectionRange(start, end);
    // Deprecated, but the only way that keeps the undo history.
    const isReplaced = document.execCommand(text === "" ? "delete" : "insertText", false, text);
    if (!isReplaced) {
      this.#area.setRangeText(text, start, end, "end");
      this.#area.dispatchEvent(new Event("input"));
    }
  }

  /**
   * Sets the text without focus, when the page opens.
   *
   * @param {string} text
   */
  open(text) {
    this.#area.value = text;
  }

  /**
   * Draws the marks of the text. While it is not JSON, the earlier marks move with it and are dimmed.
   *
   * @param {Mark[]} marks
   * @param {boolean} isJson
   */
  draw(marks, isJson) {
    this.#earlier = isJson ? marks : moveMarks(this.#earlier, this.#drawn, this.text);
    this.#drawn = this.text;
    const dimmed = isJson ? [] : this.#earlier.map((mark) => ({ ...mark, isEarlier: true }));
    const shown = pieces(this.text, [...marks, ...dimmed]).map(({ text, start, mark }) => {
      if (mark === null) return text;
      const drawn = element("mark", { className: mark.isEarlier ? `${mark.severity} earlier` : mark.severity }, text);
      drawn.dataset.start = String(start);
      return drawn;
    });
    // A last line without characters has no height of its own.
    this.#mirror.replaceChildren(...shown, "\n");
  }

  /**
   * Selects a range and scrolls it into view.
   *
   * @param {number} start
   * @param {number} end
   */
  select(start, end) {
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(start, end);
    const marks = [...this.#mirror.querySelectorAll("mark")];
    const mark = marks.find(({ dataset }) => Number(dataset.start) >= start) ?? this.#area;
    mark.scrollIntoView({ block: "nearest" });
  }

  /** The start of the selection. */
  get caret() {
    return this.#area.selectionStart;
  }
}
