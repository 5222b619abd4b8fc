// Faces that are picked, one by one, in ranges or by keys, and the bar that says what to do with them.

import { say } from "./elements.js";
import { MOST_MOVED } from "./state.js";
import { plural } from "./words.js";

const THUMBNAILS = 5; // shown in the bar
const KEYS = { x: "pick", m: "more", f: "fewer", t: "teach" };

export class Picks {
  /** `on` has more(names), fewer(names) and teach(names); `can` tells which of the three there are. */
  constructor(find, gallery, on, can) {
    Object.assign(this, { find, gallery, on, picked: new Map() }); // a face's name -> its image
    this.bar = find(".fs-picked");
    this.faces = find(".fs-picked-faces");
    this.anchor = null; // the face from which a range goes
    for (const way of ["more", "fewer", "teach"]) {
      const made = find(`.fs-picked-${way}`);
      made.hidden = !can(way);
      made.addEventListener("click", () => this.use(way));
    }
    find(".fs-picked-clear").addEventListener("click", () => this.clear(true));
    const { element } = gallery;
    element.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
    // Before the gallery hears it, which opens faces.
    element.addEventListener("click", (event) => this.click(event), { capture: true });
    for (const place of [element, this.bar])
      place.addEventListener("keydown", (event) => this.key(event));
  }

  /** A click on a face's box, or with Shift or Ctrl on its picture, picks it. */
  click(event) {
    const { target, shiftKey } = event;
    const opener = target.closest(".fs-open");
    if (target.matches(".fs-pick input")) this.pick(nameAt(target), target.checked, shiftKey);
    else if (opener && (shiftKey || event.ctrlKey || event.metaKey)) {
      event.stopPropagation();
      this.toggle(nameAt(opener), shiftKey);
    }
  }

  key(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    if (altKey || ctrlKey || metaKey) return;
    const way = KEYS[key.toLowerCase()];
    const name = nameAt(target);
    if (key === "Escape" && this.picked.size) this.clear(true);
    else if (way === "pick" && name) this.toggle(name, shiftKey);
    else if (way && way !== "pick" && this.picked.size) this.use(way);
    else return;
    event.preventDefault();
  }

  toggle(name, range) {
    this.pick(name, range || !this.picked.has(name), range);
  }

  /** Pick a face or let it go; in a range, with all between it and the one before. */
  pick(name, on, range) {
    const names = this.gallery.hits.map((hit) => hit.name);
    const [from, to] = [names.indexOf(range ? this.anchor : name), names.indexOf(name)];
    const those = from < 0 ? [name] : names.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of those) {
      if (on) this.picked.set(each, this.gallery.hit(each)?.image);
      else this.picked.delete(each);
    }
    this.anchor = name;
    this.show();
  }

  use(way) {
    const names = [...this.picked.keys()];
    if (this.find(`.fs-picked-${way}`).hidden) return;
    if (way !== "teach") this.clear(false);
    this.on[way](names);
  }

  /** Let all go; the keyboard goes on from the face picked last, where it was here. */
  clear(focus) {
    this.picked.clear();
    this.show();
    if (focus) this.gallery.focus(this.anchor);
  }

  /** Bring boxes and bar in line with what is picked. */
  show() {
    const { size } = this.picked;
    const box = this.gallery.element;
    box.classList.toggle("is-picking", size > 0);
    for (const [name, tile] of this.gallery.tiles) {
      tile.classList.toggle("is-picked", this.picked.has(name));
      tile.querySelector(".fs-pick input").checked = this.picked.has(name);
    }
    const most = size > MOST_MOVED ? `; the last ${MOST_MOVED} would count` : "";
    say(
      this.find(".fs-picked-count"),
      size ? `${plural(size, "face", "faces")} picked${most}` : "",
    );
    this.bar.hidden = !size;
    const images = [...this.picked.values()].filter(Boolean).slice(-THUMBNAILS);
    this.faces.replaceChildren(
      ...images.map((address) => Object.assign(new Image(), { src: address, alt: "" })),
    );
  }
}

/** The name of the face whose tile an element is in, if it is in one. */
function nameAt(element) {
  return element.closest(".fs-tile")?.dataset.name;
}
