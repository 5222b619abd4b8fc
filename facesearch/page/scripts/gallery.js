// The faces found: tiles that stay where a face stays, so that no picture loads twice.

import { node } from "./elements.js";
import { byLabel } from "./query.js";
import { fillTile, makeTile } from "./tile.js";

export class Gallery {
  /** `open(name)` is called with the face that is picked. */
  constructor(element, about, open) {
    this.element = element;
    this.about = about;
    this.hits = [];
    this.tiles = new Map(); // a face's name -> its tile
    this.images = new Map(); // a face's name -> its picture's address, of all that were shown
    element.addEventListener("click", ({ target }) => {
      const opener = target.closest(".fs-open");
      if (opener) open(opener.parentElement.dataset.name);
    });
  }

  get busy() {
    return this.element.getAttribute("aria-busy") === "true";
  }

  set busy(on) {
    this.element.setAttribute("aria-busy", String(on));
  }

  /** Show an answer's hits in place of those shown. */
  show(answer) {
    this.hits = answer.hits;
    this.know([...answer.moved.more, ...answer.moved.fewer]);
    const tiles = this.filled(answer);
    this.element.replaceChildren(...this.divided(tiles, answer, false));
    const kept = new Set(tiles);
    for (const [name, tile] of this.tiles) if (!kept.has(tile)) this.tiles.delete(name);
  }

  /** Show more hits of the same ranking after those shown. */
  append(answer) {
    const before = this.hits.at(-1)?.matches ?? false;
    this.hits = [...this.hits, ...answer.hits];
    this.element.append(...this.divided(this.filled(answer), answer, before));
  }

  /** The hit `step` places from a face, or undefined. */
  beside(name, step) {
    const place = this.hits.findIndex((hit) => hit.name === name);
    return place < 0 ? undefined : this.hits[place + step];
  }

  hit(name) {
    return this.hits.find((hit) => hit.name === name);
  }

  image(name) {
    return this.images.get(name);
  }

  focus(name) {
    this.tiles.get(name)?.querySelector(".fs-open").focus();
  }

  /** The tiles, and a line where matches end and the nearest begin; `before` says whether the face
   *  before them matches. By labels the two are mixed, and so they are beside a face's likes. */
  divided(tiles, { hits, parts, like, picture }, before) {
    const asked = parts.flatMap(({ names }) => names);
    if (!parts.length || like || picture || byLabel(asked, this.about)) return tiles;
    const first = hits.findIndex((hit) => !hit.matches);
    if (first < 0 || !(first ? hits[first - 1].matches : before)) return tiles;
    const line = node("li", "fs-divider", "From here on, each is more likely to lack something.");
    return [...tiles.slice(0, first), line, ...tiles.slice(first)];
  }

  know(faces) {
    for (const { name, image } of faces) this.images.set(name, image);
  }

  filled({ hits, parts }) {
    this.know(hits);
    return hits.map((hit) => {
      const tile = this.tiles.get(hit.name) ?? makeTile(hit);
      this.tiles.set(hit.name, tile);
      fillTile(tile, hit, parts, this.about);
      return tile;
    });
  }
}
