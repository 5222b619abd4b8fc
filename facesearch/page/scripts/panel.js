// The forty attributes: their states, how many faces each would leave, and the box that filters.

import { node } from "./elements.js";
import { byLabel, lacking, namesIn } from "./query.js";
import { GROUP } from "./taught.js";
import { taughtRow } from "./taughtrows.js";
import { number, about as roughly } from "./words.js";

export class Panel {
  /** `change(name, state)` is called with "wanted", "unwanted" or null. */
  constructor(element, about, change) {
    this.about = about;
    this.element = element;
    this.rows = new Map(
      [...element.querySelectorAll(".fs-row")].map((row) => [row.dataset.name, row]),
    );
    this.opener = element.parentElement.querySelector(".fs-sheet-open span");
    this.closer = element.querySelector(".fs-sheet-close");
    this.exact = about.counts_from === "labels";
    const from = this.exact ? "by the gallery's labels" : "estimated from the model's predictions";
    element.querySelector(".fs-counts-from").textContent = from;
    element.querySelector(".fs-dots").hidden = !element.querySelector(".fs-row .fs-dot");
    const form = element.querySelector("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", ({ target }) =>
      change(target.value, target.checked ? "wanted" : null),
    );
    this.change = () => {}; // a taught attribute; set by who teaches
    form.addEventListener("click", ({ target }) => {
      const taught = target.closest(".fs-change");
      if (taught) this.change(taught.parentElement.dataset.name);
      const without = target.closest(".fs-without");
      if (!without) return;
      const on = without.getAttribute("aria-pressed") === "true";
      change(without.parentElement.dataset.name, on ? null : "unwanted");
    });
    element
      .querySelector(".fs-filter")
      .addEventListener("input", ({ target }) => this.filter(target.value));
  }

  /** The attributes by group: [title, names], in the panel's order. */
  groups() {
    return [...this.element.querySelectorAll(".fs-group")].map((group) => [
      group.querySelector("legend").textContent,
      [...group.querySelectorAll(".fs-row")].map((row) => row.dataset.name),
    ]);
  }

  /** Show rows for attributes that were taught here, and no others. */
  showTaught(taught) {
    for (const row of this.element.querySelectorAll(".fs-row.is-taught")) {
      this.rows.delete(row.dataset.name);
      row.remove();
    }
    const rows = taught.map((each, place) => taughtRow(each, this.about.labels[each.name], place));
    for (const row of rows) this.rows.set(row.dataset.name, row);
    this.groupOfTaught().append(...rows);
    for (const group of this.element.querySelectorAll(".fs-group"))
      if (!group.querySelector(".fs-row")) group.remove();
    if (this.counted) this.showCounts(this.counted);
  }

  /** The group of what was taught: of the bundle, too, where that was. */
  groupOfTaught() {
    const groups = [...this.element.querySelectorAll(".fs-group")];
    const there = groups.find((group) => group.querySelector("legend").textContent === GROUP);
    if (there) return there;
    const made = node("fieldset", "fs-group");
    made.append(node("legend", "", GROUP));
    this.element.querySelector("form").prepend(made);
    return made;
  }

  /** Go on from an attribute's row, or, while the panel is away, from what brings it. */
  focus(name) {
    const row = this.rows.get(name);
    const there = row?.getClientRects().length
      ? row.querySelector("input")
      : this.opener.parentElement;
    there.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  /** Show which attributes are asked for. */
  show({ wanted, unwanted }) {
    for (const [name, row] of this.rows) {
      const [on, off] = [namesIn(wanted).includes(name), unwanted.includes(name)];
      row.querySelector("input").checked = on;
      row.querySelector(".fs-without").setAttribute("aria-pressed", String(off));
      row.classList.toggle("is-wanted", on);
      row.classList.toggle("is-unwanted", off);
    }
    const asked = namesIn(wanted).length + unwanted.length;
    this.opener.textContent = asked ? String(asked) : "";
  }

  /** Show the forty counts of an answer: how many faces match with each attribute added; none
   * where an engine was too slow to count. */
  showCounts(answer) {
    this.counted = answer;
    this.about.attributes.forEach((name, column) => {
      const row = this.rows.get(name);
      const count = row.querySelector(".fs-count");
      if (!count) return;
      if (!answer.with) {
        count.firstChild.textContent = count.lastChild.textContent = count.title = "";
        return;
      }
      const [on, off] = [answer.with[column], answer.without[column]];
      if (on === undefined) return; // it was taught since
      const shown = row.classList.contains("is-unwanted") ? off : on;
      count.firstChild.textContent = byLabel([name], this.about) ? number(shown) : roughly(shown);
      count.lastChild.textContent = shown === 1 ? " face" : " faces";
      count.classList.toggle("is-none", shown === 0);
      count.title = `With: ${this.faces(on)}. Without: ${this.faces(off)}.`;
      row.querySelector(".fs-without").title =
        `${capital(lacking(this.about.labels[name]))}: ${this.faces(off)}`;
    });
    if (!answer.with) {
      this.closer.textContent = "Show faces";
      return;
    }
    const isCounted = byLabel(answer.asked, this.about);
    const matching = isCounted ? number(answer.matching) : `about ${roughly(answer.matching)}`;
    this.closer.textContent = `Show faces (${matching} match)`;
  }

  /** "12 faces", or "about 12 faces" where they are estimated. */
  faces(count) {
    const said = this.exact ? number(count) : `about ${roughly(count)}`;
    return `${said} ${count === 1 ? "face" : "faces"}`;
  }

  filter(text) {
    const words = text.toLowerCase().trim().split(/\s+/);
    const fits = (name) => {
      const called = `${this.about.labels[name]} ${name}`.toLowerCase().replaceAll("_", " ");
      return words.every((word) => called.includes(word));
    };
    for (const [name, row] of this.rows) row.hidden = !fits(name);
    for (const group of this.element.querySelectorAll(".fs-group")) {
      group.hidden = !group.querySelector(".fs-row:not([hidden])");
    }
    const none = [...this.rows.values()].every((row) => row.hidden);
    const unfound = this.element.querySelector(".fs-unfound");
    unfound.textContent = none ? `None of the attributes is called “${text.trim()}”.` : "";
    unfound.hidden = !none;
  }
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
