// The opened face: its picture, its attributes as labelled and as predicted, where to go from it.

import { prepareDialog } from "./dialog.js";
import { aloud, button, node, say } from "./elements.js";
import { byLabel } from "./query.js";
import { picture } from "./tile.js";
import { percent } from "./words.js";

const APART = 4; // attributes that a face is told apart by
const LABELLED = { 1: "yes", 0: "no", "-1": "unknown" };

export class FaceDialog {
  /** `on` has close(), step(direction), open(name), moreLike(name), startFrom(names). */
  constructor(dialog, panel, about, on) {
    this.dialog = dialog;
    this.panel = panel;
    this.about = about;
    this.on = on;
    this.face = null;
    const find = (selector) => dialog.querySelector(selector);
    find(".fs-more-like").addEventListener("click", () => on.moreLike(this.face.name));
    find(".fs-start-from").addEventListener("click", () => on.startFrom(this.apart()));
    find(".fs-start-all").addEventListener("click", () => on.startFrom(this.has()));
    prepareDialog(dialog);
    dialog.addEventListener("close", () => this.face && on.close());
    dialog.addEventListener("click", ({ target }) => {
      const step = target.closest(".fs-step");
      if (step) on.step(Number(step.dataset.step));
    });
    dialog.addEventListener("keydown", (event) => {
      const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      on.step(direction);
    });
  }

  /** Show a face; `hit` is its place among those found, if it is one of them. */
  show(face, hit, asked, { previous, next }) {
    this.face = face;
    const find = (selector) => this.dialog.querySelector(selector);
    find("h2").textContent = hit ? `${hit.rank}. ${face.name}` : face.name;
    find(".fs-face-picture").replaceChildren(face.photo ? this.photo(face) : picture(face));
    this.dialog.classList.toggle("is-photo", Boolean(face.photo));
    find("[data-step='-1']").disabled = !previous;
    find("[data-step='1']").disabled = !next;
    const place =
      hit && asked.length && !byLabel(asked, this.about)
        ? `Has everything you asked, as the model estimates: ${percent(hit.chance)}.`
        : "";
    const bars = "Bars: the model's prediction.";
    const ticks = face.labels ? " Ticks and crosses: the label." : " This gallery has no labels.";
    say(find(".fs-face-key"), [place, bars + ticks].filter(Boolean).join(" "));
    const copies = find(".fs-face-copies");
    copies.replaceChildren(...face.copies.map((name) => this.copy(name)));
    copies.hidden = !face.copies.length;
    const all = find(".fs-face-attributes");
    all.replaceChildren(
      ...this.panel.groups().map(([title, names]) => this.group(title, names, asked)),
    );
    all.scrollTop = 0;
    if (!this.dialog.open) this.dialog.showModal();
    else if (document.activeElement.disabled) find(".fs-close").focus(); // so that keys still count
  }

  hide() {
    this.face = null;
    this.dialog.close();
  }

  /** The photograph that the face is in, with a frame around each of its faces, which opens it. */
  photo({ name, photo, image }) {
    const whole = node("figure", "fs-photo");
    const frame = node("span", "fs-photo-frame");
    frame.style.aspectRatio = photo.size.join(" / ");
    const shown = new Image();
    shown.alt = `The photograph ${photo.path}`;
    shown.src = photo.image;
    frame.append(shown);
    photo.faces.forEach((face, place) => {
      const box = button("fs-photo-face", "");
      const [left, top, width, height] = face.box.map((share) => `${100 * share}%`);
      Object.assign(box.style, { left, top, width, height });
      box.setAttribute("aria-label", `Face ${place + 1} of ${photo.faces.length}`);
      box.setAttribute("aria-pressed", String(face.name === name));
      box.addEventListener("click", () => this.on.open(face.name));
      frame.append(box);
    });
    const about = node("figcaption", "fs-photo-about");
    const cut = picture({ image, name });
    cut.classList.add("fs-photo-cut");
    const words = [photo.path, photo.taken && new Date(photo.taken).toLocaleString()];
    about.append(cut, node("span", "", words.filter(Boolean).join(", ")));
    if (photo.original) {
      const link = node("a", "fs-link", "Open the original");
      Object.assign(link, { href: photo.original, target: "_blank", rel: "noopener" });
      about.append(link);
    }
    whole.append(frame, about);
    return whole;
  }

  /** A near-copy of the face, which opens it. */
  copy(name) {
    const made = button("fs-link", name);
    made.addEventListener("click", () => this.on.open(name));
    const entry = node("li", "");
    entry.append(made);
    return entry;
  }

  /** The attributes that the face has, by label where there is one, else by prediction. */
  has() {
    const { labels, predicted } = this.face;
    return this.about.attributes.filter((name, column) => {
      const label = labels?.[column] ?? -1;
      return (
        !this.about.unavailable.includes(name) &&
        (label === -1 ? predicted[column] >= 0.5 : label === 1)
      );
    });
  }

  /** The few of them that the fewest other faces have: all at once find little but the face itself. */
  apart() {
    const { attributes, rates } = this.about;
    const rate = (name) => rates[attributes.indexOf(name)];
    const rarest = this.has().sort((a, b) => rate(a) - rate(b));
    return attributes.filter((name) => rarest.slice(0, APART).includes(name));
  }

  group(title, names, asked) {
    const group = node("section", "fs-face-group");
    const list = node("ul", "");
    list.append(
      ...names
        .filter((name) => !this.about.unavailable.includes(name))
        .map((name) => this.row(name, asked)),
    );
    group.append(node("h3", "", title), list);
    group.hidden = !list.children.length;
    return group;
  }

  row(name, asked) {
    const column = this.about.attributes.indexOf(name);
    const label = this.face.labels?.[column];
    const guess = this.face.predicted[column] * 100;
    const row = node("li", `fs-guess${asked.includes(name) ? " is-asked" : ""}`);
    const known = label === undefined ? "" : `labelled ${LABELLED[label]}, `;
    row.append(aloud(`${this.about.labels[name]}: ${known}predicted ${Math.round(guess)} %`));
    const sign = node("span", `fs-label fs-label-${LABELLED[label] ?? "none"}`);
    const bar = node("span", "fs-guess-bar");
    bar.append(node("span", "fs-guess-fill"));
    bar.firstChild.style.width = `${guess}%`;
    const seen = node("span", "fs-guess-seen");
    seen.setAttribute("aria-hidden", "true");
    seen.append(
      sign,
      node("span", "fs-guess-name", this.about.labels[name]),
      bar,
      node("span", "fs-guess-number", `${Math.round(guess)} %`),
    );
    row.append(seen);
    return row;
  }
}
