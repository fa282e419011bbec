/**
 * The text nodes of what changes in the middle of a line: one for each text, not one that changes. A centred text that
 * changes starts elsewhere, and a browser counts that as a layout shift (Layout Instability, "starting point"); one that
 * is new does not. The same text keeps its node, so that nothing is read anew.
 */
export class Texts {
  readonly #nodes = new Map<string, Text>();

  /** @param place a name for where the text stands */
  at(place: string, text: string): Text {
    const node = this.#nodes.get(place);
    if (node?.data === text) return node;
    const fresh = document.createTextNode(text);
    this.#nodes.set(place, fresh);
    return fresh;
  }
}
